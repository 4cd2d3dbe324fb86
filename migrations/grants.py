"""Giving a new right to the profiles that could do all of it before, by another way."""

from __future__ import annotations

from alembic import op


def grant_to_administrators(*subjects: str) -> None:
    """Grant areas (`menu:…`), functions (`function:…`) and fields (`field:…`, to be read) of the broker's desk to every
    profile that may declare the whole configuration."""
    grant_to_those_with("function:config.apply", *subjects)


def grant_to_those_with(right: str, *subjects: str) -> None:
    """The same, to every profile that was granted this right itself."""
    actions = {"menu": "show", "function": "use", "field": "read"}
    given = ", ".join(f"('{one}', '{actions[one.partition(':')[0]]}')" for one in subjects)
    # The wall stands for the owner of the tables, too, so the brokers come one after another.
    op.execute(
        f"""do $$
            declare broker uuid;
            begin
                for broker in select distinct tenant_id from hosts loop
                    perform set_config('app.tenant_id', broker::text, true);
                    insert into profile_rules (tenant_id, profile_id, subject, action)
                    select r.tenant_id, r.profile_id, x.subject, x.action
                      from profile_rules r cross join (values {given}) x (subject, action)
                     where r.tenant_id = broker and r.subject = '{right}'
                    on conflict do nothing;
                    update profiles set version = version + 1 where tenant_id = broker;
                end loop;
                perform set_config('app.tenant_id', '', true);
            end $$"""
    )
