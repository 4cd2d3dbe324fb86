"""The demonstration: three invented brokers whose stock is generated, and taken in through the product's own doors."""
