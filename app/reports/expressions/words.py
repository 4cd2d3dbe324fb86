"""What each function of expressions is for, in a few words."""

from app.core.text import LazyText, _l

FUNCTION_WORDS: list[tuple[str, LazyText]] = [
    ("+  −  *  /", _l("Calculate; days plus a number are days later, days minus days their distance.")),
    ("=  <>  <  <=  >  >=", _l("Compare; ‘and’, ‘or’ and ‘not’ join conditions.")),
    ("… in (…, …)", _l("Is one of these values.")),
    ("… between … and …", _l("Lies between two values, both included.")),
    ("… is empty", _l("Has no value; ‘is not empty’ has one.")),
    ("… contains …", _l("Finds a text within a text; ‘starts with’ at its beginning.")),
    ("if(…, …, …)", _l("The second value where the condition holds, else the third.")),
    ("case when … then … else … end", _l("The value of the first condition that holds.")),
    ("if_empty(…, …)", _l("The first value that is not empty.")),
    ("round(…, n)", _l("Rounds to n decimals; ‘floor’ down, ‘ceil’ up.")),
    ("abs(…)", _l("Without its sign.")),
    ("min(…, …)  max(…, …)", _l("The smallest or largest of several values of a row.")),
    ('convert(…, "EUR")', _l("An amount in another currency, at the day’s ECB rate of your organisation.")),
    ("today()", _l("Today’s date.")),
    ("days_between(…, …)", _l("Days from the first to the second; ‘months_between’ whole months.")),
    ("add_days(…, n)", _l("So many days later; ‘add_months’ months.")),
    ("year(…)  quarter(…)  month(…)", _l("Part of a date; also ‘day’ and ‘weekday’ (Monday is 1).")),
    (
        "date(…)  hour(…)  minute(…)",
        _l("Parts of a moment, at the broker’s clock; beside days it stands for its day."),
    ),
    ("start_of_month(…)", _l("First day of the month; also ‘end_of_month’ and ‘start_of_year’.")),
    ("… & …", _l("Joins texts, as ‘concat’ does.")),
    ("left(…, n)  right(…, n)", _l("So many characters; ‘middle(…, from, n)’ from a place on.")),
    ("upper(…)  lower(…)  trim(…)", _l("Capitals, small letters, without spaces at the ends.")),
    ('replace(…, "a", "b")', _l("Puts one text in place of another.")),
    ("length(…)", _l("Number of characters.")),
]
