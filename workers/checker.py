"""Look at the links that people reported, one after the other."""

import structlog

from cascade.look.wearing import kept, worn
from cascade.reposts import checking, looking_for
from cascade.reposts.addresses import Refused
from cascade.reposts.checking import Claimed, Finding
from cascade.reposts.fetching import Fetcher, Unreachable
from cascade.reposts.recognising import Sight, see
from cascade.sign_off import clearance
from workers.runtime import Runtime

_log = structlog.get_logger()


class Checker:
    """One run through the links that are due."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._fetch = Fetcher(
            agent=f"Cascade (link checker; +{runtime.links.base_url})",
            loopback=runtime.check_loopback,
        )

    def run(self) -> int:
        """Look until no link is due; gives at how many."""
        looked = 0
        while not self._runtime.stopping.is_set():
            with self._runtime.database.writing() as session:
                claimed = checking.claim(session, self._runtime.now())
            if claimed is None:
                break
            finding = self._look(claimed)
            with self._runtime.database.writing() as session:
                checking.record(session, claimed, finding, self._runtime.now())
            looked += 1
        return looked

    def _look(self, claimed: Claimed) -> Finding:
        """What there is to see; no transaction is open while a site takes its time."""
        try:
            page = self._fetch(claimed.link)
            sight = self._seen(claimed, page.text, is_html=page.is_html)
        except Refused as refused:
            return Finding("refused", str(refused))
        except Unreachable as away:
            return Finding("unreachable", str(away), status=away.status, again=away.again)
        except Exception:
            _log.exception("link_not_checked", check=claimed.id)
            return Finding("unreachable", "the page could not be read", again=True)
        if sight is None:
            words = "nothing of the toolkit on the page"
            return Finding("not-found", words, status=page.status, address=page.address)
        return Finding("seen", sight.found, sight.excerpt, page.status, page.address)

    def _seen(self, claimed: Claimed, text: str, *, is_html: bool) -> Sight | None:
        runtime = self._runtime
        base = runtime.links.base_url
        with runtime.database.reading() as session:
            toolkit = checking.toolkit_of(session, claimed)
            identity = worn(runtime.identity, kept(session), base)
            sign_off = clearance.in_force(session, runtime.sign_off)
            wanted = looking_for.wanted(session, toolkit, identity, base, sign_off=sign_off)
            places = looking_for.places(toolkit.name, base)
        return see(text, wanted, places, is_html=is_html)
