"""Reports by mail: at once or again and again, each computed with its recipient's rights when it is sent."""
