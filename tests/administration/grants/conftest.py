"""As for users: two organizations of one broker, and a neighbour who has the same."""

from tests.administration.users.conftest import ask, clerk, desk, desk_profile, house, used

__all__ = ["ask", "clerk", "desk", "desk_profile", "house", "used"]
