"""Large files of overviews: prepared by a job, fetched by whoever asked for them."""
