"""The WSGI application."""

from app.factory import create_app, settle_memory

app = create_app()
settle_memory()
