"""The WSGI application."""

from app.factory import create_app

app = create_app()
