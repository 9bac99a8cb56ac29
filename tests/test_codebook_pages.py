"""Codebooks that were published as a Quarto or Markdown page."""

import pytest

from analysis.codebook import CodebookError, qmd

PAGE = """---
title: "What families say"
---

## Getting there

::: {.callout-note icon=false title="Buses & trains" collapse=true}

### Buses & trains

The bus, whether it comes
and what it costs.

Examples:

Positive: ‘The bus is always on time’, 'Driver can't be kinder', "free now"
Negative/ wishlist: 'No bus at night', Always late.', 'I wait, and wait'

:::

::: {.callout-note icon=false title="Walking
" collapse=true}
On foot.
:::

## Food

::: {.callout-tip title="Buses & trains"}
Same name elsewhere.

Example: 'Lunch on the bus'
:::
"""


@pytest.fixture
def page(tmp_path):
    def write(text):
        path = tmp_path / "families.qmd"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_page_becomes_a_codebook(page):
    book = qmd.read(page(PAGE))

    assert (book.id, book.title) == ("families", "What families say")
    assert [theme.label for theme in book.tops] == ["Getting there", "Food"]
    assert book.codes == ("getting_there.buses_trains", "getting_there.walking", "food.buses_trains")
    assert book["getting_there.buses_trains"].definition == "The bus, whether it comes and what it costs."


def test_wordings_are_told_apart_though_quotes_are_unpaired_and_hold_apostrophes(page):
    book = qmd.read(page(PAGE), language="en-GB")

    assert book["getting_there.buses_trains"].examples == {
        "en-GB": (
            "The bus is always on time",
            "Driver can't be kinder",
            "free now",
            "No bus at night",
            "Always late.",
            "I wait, and wait",
        )
    }


def test_a_theme_without_examples_has_none(page):
    book = qmd.read(page(PAGE))

    assert book["getting_there.walking"].label == "Walking"
    assert book["getting_there.walking"].examples == {}


@pytest.mark.parametrize(
    ("text", "problem"), [("# Nothing here", "no theme was found"), (None, "cannot be read")]
)
def test_a_page_that_is_no_codebook_is_refused_with_a_cure(page, tmp_path, text, problem):
    path = tmp_path / "missing.qmd" if text is None else page(text)

    with pytest.raises(CodebookError, match=problem) as refused:
        qmd.read(path)

    assert path.name in str(refused.value)


def test_ids_of_labels_in_any_script_follow_the_label_and_not_its_place():
    def theme(label):
        return f'::: {{.callout-note title="{label}"}}\n{label}\n:::\n'

    def ids(*labels):
        read = qmd.parse(("## École\n" + "".join(map(theme, labels))).encode(), "page.qmd", "zh")
        return {each.label: each.id for each in read if each.parent}

    one, other = ids("交通", "午餐", "Été à l'école"), ids("午餐", "Été à l'école", "交通")

    assert one == other
    assert one["Été à l'école"] == "ecole.ete_a_l_ecole"
    assert len(set(one.values())) == 3
