"""A restricted employee opens the overview and sees exactly his stock."""


def test_an_employee_sees_his_organizations_contracts_and_nothing_else(make, neighbour, sign_in):
    ours = make.policyholder("Nordwerk GmbH")
    shown = make.contract(ours, number="N-1")
    make.contract(make.policyholder("Somebody else"), number="N-2")
    neighbour.contract(number="N-3")
    member = make.member(make.organization(ours))

    page = sign_in(member).get("/contracts")

    assert page.status_code == 200
    assert "N-1" in page.text
    assert f"/contracts/{shown}" in page.text
    assert "N-2" not in page.text
    assert "N-3" not in page.text
