"""An outage is news once, and its service is left alone for a moment."""

from coolpapers.outage import Outage


def test_a_failure_is_news_until_the_service_answers_again() -> None:
    outage = Outage(seconds=60)
    assert outage.note()
    assert not outage.note()
    outage.end()
    assert outage.note()


def test_a_service_that_failed_is_left_alone_for_a_moment_and_no_longer() -> None:
    outage = Outage(seconds=60)
    assert not outage.lasts()
    outage.note()
    assert outage.lasts()
    outage.end()
    assert not outage.lasts()
    brief = Outage(seconds=0)
    brief.note()
    assert not brief.lasts()
