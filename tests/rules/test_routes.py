"""House rules about routes: each says who may use it."""


def test_every_route_says_who_may_use_it(portal):
    silent = [name for name, view in portal.view_functions.items() if not hasattr(view, "access")]
    assert silent == []
