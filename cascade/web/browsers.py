"""A browser as people call theirs, out of what it says of itself."""

from collections.abc import Callable, Mapping

_BROWSERS = {
    # The first that is found counts: most name others too, to be taken for them.
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser/": "Samsung Internet",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "Chrome/": "Chrome",
    "CriOS/": "Chrome",
    "Safari/": "Safari",
}
_SYSTEMS = {
    "iPhone": "an iPhone",
    "iPad": "an iPad",
    "Android": "Android",
    "Windows": "Windows",
    "CrOS": "a Chromebook",
    "Mac OS": "a Mac",
    "Linux": "Linux",
}


def browser_words(agent: str) -> str:
    """`Firefox on Windows`; what says something else of itself as it is."""
    browser, system = _first(_BROWSERS, agent), _first(_SYSTEMS, agent)
    if not browser:
        return agent
    return f"{browser} on {system}" if system else browser


def _first(names: Mapping[str, str], agent: str) -> str:
    return next((words for mark, words in names.items() if mark in agent), "")


FILTERS: Mapping[str, Callable[..., str]] = {"browser": browser_words}
