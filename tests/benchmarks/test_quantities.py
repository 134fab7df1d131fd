"""Lengths and hours out of free text: a table of forms, properties, and texts that try to be slow."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacelib.benchmarks import clock_hour, length, lengths

FOOT, INCH, YARD, MILE = 0.3048, 0.0254, 0.9144, 1609.344
DIGITS = 1e-11  # lengths are given to twelve digits

LENGTHS = {
    # one number, one unit
    "2.5 meters": 2.5,
    "It is 2.5 m.": 2.5,
    "2.5m": 2.5,
    "25 centimetres wide": 0.25,
    "Region [0] is 30.05 inches in height.": 30.05 * INCH,
    "a 6-inch gap": 6 * INCH,
    "6 in tall": 6 * INCH,
    "it is 6 in.": 6 * INCH,
    "(12 in)": 12 * INCH,
    "1 foot": FOOT,
    "3 yards": 3 * YARD,
    "0.5 miles": MILE / 2,
    "12 mm": 0.012,
    "1,234.5 mm": 1.2345,
    "1,000,000 mm": 1000,
    ".5 m": 0.5,
    "1e-2 m": 0.01,
    "**1.5** meters": 1.5,
    "`2` meters": 2,
    "approximately **33.33 cm** horizontally": 0.3333,
    "2\nmeters": 2,
    "1.50\u00a0METERS": 1.5,
    "- 1.5 meters": 1.5,  # a list's dash
    "s width?s.1.11 meters": None,  # glued to a word by a stop
    # words and fractions
    "two feet": 2 * FOOT,
    "Twenty-five inches": 25 * INCH,
    "one hundred and five feet": 105 * FOOT,
    "a hundred meters": 100,
    "two thousand three hundred and one mm": 2.301,
    "half a meter": 0.5,
    "a quarter of a mile": MILE / 4,
    "three quarters of a mile": MILE * 0.75,
    "about 2 and a half meters": 2.5,
    "two and a half feet": 2.5 * FOOT,
    "two and three quarters feet": 2.75 * FOOT,
    "a meter and a half": 1.5,
    "2 meters and a half": 2.5,
    "1 1/2 ft": 1.5 * FOOT,
    "1-1/2 ft": 1.5 * FOOT,
    "3/4 inch": 0.75 * INCH,
    "1½ feet": 1.5 * FOOT,
    "½ inch": 0.5 * INCH,
    "a couple of feet": 2 * FOOT,
    "an inch": INCH,
    # several units in one length
    "5 feet 3 inches": 63 * INCH,
    "5 ft, 3 in.": 63 * INCH,
    "five feet and three inches": 63 * INCH,
    "5'3\"": 63 * INCH,
    "5\u2032 3\u2033": 63 * INCH,
    "5\u2019 10\u201d tall": 70 * INCH,
    "2 m 30 cm": 2.3,
    "1 meter and 20 centimeters": 1.2,
    "6 feet (183 cm)": 6 * FOOT,
    "3 feet 40 inches": 3 * FOOT,  # more inches than a foot has: another length
    # ranges: their middle
    "1.5 to 2 feet": 1.75 * FOOT,
    "**10-15 meters** apart": 12.5,
    "20\u201330 cm": 0.25,
    "2 or 3 m": 2.5,
    "between 2 and 3 meters": 2.5,
    "between about 25 and 35 inches": 30 * INCH,
    "2.5 meters to 3 meters": 2.75,
    "5'8\" to 6'0\" (approximately 173 cm to 183 cm)": 70 * INCH,
    "five to six feet": 5.5 * FOOT,
    "90 cm to 1 m": 0.95,
    # which of several counts
    "The bed is 2 m wide, the desk 1 m.": 2,
    "The bed is 6 feet tall, the dresser 3 feet. Therefore, the distance is 3 feet.": 3 * FOOT,
    "A) 10 cm\nB) 20 cm\n**Answer:** B) 20 cm wide, not 30 cm": 0.2,
    "It is 2 m. Therefore I cannot say more.": 2,
    "Answer: 300\nIt is 1 m high. The gap is 2 m.": 1,
    # nothing to read
    "300 pixels": None,
    "approximately 60% of the image": None,
    "12": None,
    "a few feet": None,
    "several metres": None,
    "within a foot": None,
    "in a yard": None,
    "about 1/3 of the height": None,
    "1/0 m": None,
    "2 in the image, 3 in total": None,
    'the box "2" in red': None,
    "the 90's style": None,
    "Region [0]'s height": None,
    "-2 m": None,
    "1,5 m": None,  # a decimal comma, or two numbers
    "12,34 m": None,
    "1.2.3 m": None,
    "3 m/s": None,
    "10 m² of floor": None,
    "image2 m": None,
    "0 m": None,
    "1e309 m": None,
    "ten and five feet": None,
    "two hundred": None,
    "2 points, 3 links, 4 hands, 5 rods": None,
    "2 o'clock": None,
    "": None,
    "\x00\x1b[31m": None,
}

HOURS = {
    "Region [0] will find Region [1] around the 8 o'clock direction.": 8,
    "Region [1] is roughly at 12 o'clock from Region [0].": 12,
    "3 o\u2019clock": 3,
    "3 O'Clock": 3,
    "3 oclock": 3,
    "three o'clock": 3,
    "**11** o'clock": 11,
    "at 2, no, at 3 o'clock": 3,
    "3 o'clock or 9 o'clock": 12,  # opposite: either middle is as good
    "between 2 and 3 o'clock": 2.5,
    "12-1 o'clock": 0.5,
    "11 to 1 o'clock": 12,
    "10 o'clock to 11 o'clock": 10.5,
    "3 o'clock; later 9 o'clock": 3,
    "0 o'clock": None,
    "13 o'clock": None,
    "1.5 o'clock": None,
    "to the left": None,
    "3 meters": None,
    "": None,
}


@pytest.mark.parametrize("text", LENGTHS)
def test_lengths_of_a_text(text):
    expected = LENGTHS[text]
    assert length(text) == (expected if expected is None else pytest.approx(expected, rel=DIGITS))


@pytest.mark.parametrize("text", HOURS)
def test_clock_hour_of_a_text(text):
    assert clock_hour(text) == HOURS[text]


def test_the_same_length_in_two_units_is_the_same_number():
    assert length("3.5 feet") == length("42 inches") == length("106.68 cm") == length("between 3 and 4 feet") == 1.0668


def test_all_lengths_in_order():
    text = "1.5 to 2 feet (45-60 cm), then 5'3\" or so"
    found = lengths(text)
    assert [x.metres for x in found] == [0.5334, 0.525, 1.6002]
    assert [text[x.start : x.end] for x in found] == ["1.5 to 2 feet", "45-60 cm", "5'3\""]


@pytest.mark.oracle
@given(st.integers(1, 999_999))
def test_whole_numbers_in_words(number):
    """inflect writes the words, independently of the reader."""
    import inflect  # two seconds, which not every worker needs

    words = inflect.engine().number_to_words(number)
    assert length(f"It is {words.replace(',', '')} feet long.") == pytest.approx(number * FOOT, rel=DIGITS)


@pytest.mark.property
@given(
    st.decimals("0.001", 9999, places=3),
    st.sampled_from([("m", 1), ("meters", 1), ("cm", 0.01), ("feet", FOOT), ("inches", INCH), ("ft", FOOT)]),
    st.sampled_from(["{} {}", "Region [1] is {} {} away from Region [0].", "**{}** {} apart", "({} {})", "~{} {}."]),
)
def test_a_written_length_is_read_back(value, unit, form):
    assert length(form.format(value, unit[0])) == pytest.approx(float(value) * unit[1], rel=DIGITS)


@pytest.mark.property
@given(st.floats(0.01, 50), st.floats(0.01, 50), st.sampled_from(["{} to {} m", "{}-{} m", "between {} and {} m"]))
def test_a_range_counts_as_its_middle(low, high, form):
    low, high = round(low, 2), round(high, 2)
    assert length(form.format(low, high)) == pytest.approx((low + high) / 2, rel=DIGITS)


@pytest.mark.property
@given(st.text() | st.text(alphabet="0123456789 .,/-'\"maftinoclket½\n", max_size=40))
def test_any_text_is_read_or_not_and_never_breaks(text):
    found = length(text)
    assert found is None or 0 < found < float("inf")
    hour = clock_hour(text)
    assert hour is None or 0 < hour <= 12


@pytest.mark.parametrize(
    "text",
    ["9" * 100_000, "9,999" * 20_000, "a " * 50_000, "1-" * 50_000, "1/" * 50_000, "1 m " * 25_000, "'" * 100_000]
    + ["1 and a " * 40_000, "1" + " " * 100_000 + "m", "between " * 40_000, "answer 1 m " * 25_000, "½" * 50_000],
    ids=lambda text: text[:8],
)
def test_no_text_is_slow(text):
    """Work grows with the length: some 0.2 s here; a reader that looks back would take hours."""
    start = time.perf_counter()
    length(text), clock_hour(text)
    assert time.perf_counter() - start < 30
