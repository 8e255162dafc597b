"""Makes the application out of what it needs: settings, a database and a clock."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from flask import Flask
from jinja2 import ChainableUndefined, ChoiceLoader, FileSystemLoader, PackageLoader
from werkzeug.middleware.proxy_fix import ProxyFix

from cascade.accounts.permissions import ROLE_WORDS
from cascade.config import Settings
from cascade.database import Database
from cascade.links import Links
from cascade.sending.framing import EXERCISE_WORDS
from cascade.web import (
    access,
    account,
    appearance,
    approvers,
    archive,
    assets,
    audit,
    browsers,
    bulletins,
    cascades,
    confirm,
    contacts,
    countersigning,
    counting,
    desk,
    drafts,
    embed,
    entrance,
    errors,
    feeds,
    health,
    health_page,
    histories,
    importing,
    inbox,
    insert_changes,
    insert_uploads,
    inserts,
    issue_items,
    issue_release,
    issue_samples,
    issues,
    kinds,
    kit,
    lately,
    left_out,
    library,
    library_toolkits,
    look,
    look_files,
    merging,
    organisation_changes,
    organisations,
    paging,
    passwords,
    previews,
    provider,
    provider_link,
    releasing,
    repost_changes,
    repost_figures,
    reposts,
    roles,
    samples,
    searching,
    second_step,
    sections,
    security,
    segment_changes,
    segment_making,
    segment_members,
    segments,
    shelf_answers,
    subscribing,
    suppression_changes,
    suppressions,
    tables,
    takers,
    tiers,
    toolkits,
    unsubscribe,
    users,
    using,
    versions,
    watch,
    watch_controls,
    windows,
)
from cascade.web import (
    settings as settings_page,
)
from cascade.web.figures import FILTERS
from cascade.web.rules import LateRule
from cascade.web.site import NAME, Site

_TEMPLATES = Path(__file__).parents[2] / "templates" / "pages"
_PARTS = (
    *(confirm, unsubscribe, cascades, health),
    *(watch, watch_controls, searching),
    *(versions, releasing, left_out, samples, countersigning),
    *(toolkits, drafts, histories, assets, previews),
    *(organisations, organisation_changes, contacts, merging, importing),
    *(segments, segment_members, segment_making, segment_changes),
    *(suppressions, suppression_changes),
    *(entrance, provider, provider_link, passwords, desk),
    *(account, second_step, users, roles, audit),
    *(settings_page, health_page, approvers, tiers, windows, look, look_files),
    *(library, library_toolkits),
    kit,
    *(takers, using, embed, reposts, repost_changes, repost_figures),
    *(bulletins, issues, issue_items, issue_release, issue_samples, subscribing),
    *(inserts, insert_changes, insert_uploads),
    *(archive, feeds),
)
_LARGEST_REQUEST = 64 * 1024  # a confirmation with the longest comment, every letter an emoji


class _Application(Flask):
    url_rule_class = LateRule
    jinja_options = {
        # Flask escapes in .html only, and the NHS macros are .jinja.
        "autoescape": True,
        # The NHS macros ask for what may be missing at any depth.
        "undefined": ChainableUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }


def create_app(settings: Settings, database: Database, *, clock: Callable[[], datetime]) -> Flask:
    """The web application of one installation; refuses to start without a secret key."""
    app = _Application("cascade.web")
    links = Links(settings.secret, settings.base_url)
    site = Site(settings, database, links, clock, provider.configured(settings))
    app.extensions[NAME] = site
    app.config.update(
        MAX_CONTENT_LENGTH=_LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=_LARGEST_REQUEST,
        MAX_FORM_PARTS=50,
    )
    if settings.proxies:
        # Only as many as there are: whoever adds a header of their own is not believed.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=0)  # type: ignore[method-assign]
    _templates(app, site)
    for part in _PARTS:
        app.register_blueprint(part.pages)
    if settings.catcher:
        app.register_blueprint(inbox.pages)
    errors.register(app)
    appearance.register(app, site)
    lately.register(app)
    shelf_answers.register(app)
    counting.register(app, site)
    app.after_request(security.protect)
    return app


def _templates(app: Flask, site: Site) -> None:
    app.jinja_loader = ChoiceLoader(
        [FileSystemLoader(_TEMPLATES), PackageLoader("nhsuk_frontend_jinja")]
    )
    app.jinja_env.globals.update(
        csp_nonce=security.nonce,
        settings=site.settings,
        provider=site.settings.oidc_name,
        exercise_words=EXERCISE_WORDS,
        previous_and_next=paging.previous_and_next,
        quick_table=tables.written,
        visitor=access.visitor,
        permissions=access.permissions,
        section=sections.section,
        stamp=access.stamp,
        sign_off_in_force=access.sign_off_in_force,
        settings_places=settings_page.PLACES,
    )
    app.jinja_env.filters.update(browsers.FILTERS)
    app.jinja_env.filters.update(kinds.FILTERS)
    app.jinja_env.filters.update(tiers.FILTERS)
    app.jinja_env.filters.update(FILTERS, role=ROLE_WORDS.__getitem__)
    app.jinja_env.filters.update(audit.FILTERS)
