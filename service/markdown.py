"""Markdown as HTML that is safe to show: what it must not hold is left out when it is made, and once more.

HTML in the text stays text. A picture is a link: whoever shows one from elsewhere tells that they read it.
Links go to web and mail addresses and nowhere else.
"""

import asyncio
import time
from collections.abc import Iterable
from html import escape

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token


def _link_pictures(state: StateCore) -> None:
    """Make a link to it of each picture; in a link, which holds no other, its text."""
    for block in state.tokens:
        found, block.children, depth = block.children or [], [], 0
        for token in found:
            depth += token.nesting if token.type.startswith("link_") else 0
            block.children += _link(token, state, is_linked=depth > 0) if token.type == "image" else [token]


def _link(picture: Token, state: StateCore, *, is_linked: bool) -> list[Token]:
    address = str(picture.attrs["src"])
    said = TEXT.renderInlineAsText(picture.children, state.md.options, state.env)
    text = Token("text", "", 0, content=said or address)
    if is_linked:
        return [text]
    title = {"title": picture.attrs["title"]} if "title" in picture.attrs else {}
    return [
        Token("link_open", "a", 1, attrs={"href": address, **title}),
        text,
        Token("link_close", "a", -1),
    ]


TEXT = RendererHTML()
# CommonMark alone, for a short text can make a very large table. Deeper lists and quotes are left out.
MARKDOWN = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable("strikethrough")
MARKDOWN.core.ruler.push("link_pictures", _link_pictures)
ATTRIBUTES = {"a": {"href", "title"}, "code": {"class"}, "ol": {"start"}}
TAGS = {
    "a", "blockquote", "br", "code", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre",
    "s", "strong", "ul",
}  # fmt: skip
# Of processor time for all texts of an answer; one that is made to be slow takes about a second.
SECONDS = 2.0


def html(text: str) -> str:
    """A text as HTML."""
    return nh3.clean(
        MARKDOWN.render(text),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        url_relative="deny",
        link_rel="nofollow noopener",
    )


def plain(text: str) -> str:
    """The same without reading it as Markdown, which takes no time."""
    return f"<pre>{escape(text)}</pre>"


async def htmls(texts: Iterable[str | None]) -> list[str | None]:
    """Each text as HTML, in a thread, so that nobody waits meanwhile; plain, when the time is over."""

    def render() -> list[str | None]:
        end = time.thread_time() + SECONDS
        return [text and (html if time.thread_time() < end else plain)(text) for text in texts]

    return await asyncio.to_thread(render)
