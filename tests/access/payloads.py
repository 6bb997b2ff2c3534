"""Ways to lead a sign-in to another site, and paths that are plainly ours."""

ELSEWHERE = (
    "http://evil.example/", "https://evil.example", "//evil.example", "//evil.example/%2f..",
    "///evil.example",
    "////evil.example", "/\\evil.example", "\\/evil.example", "\\\\evil.example", "/\\/evil.example",
    "/\t/evil.example", "/\n/evil.example", "/\r/evil.example", "\t//evil.example", " //evil.example",
    "\x00//evil.example", "/\x00/evil.example", "\x0b//evil.example", "\u00a0//evil.example",
    "http:evil.example", "http:/evil.example", "http:\\\\evil.example", "https:///evil.example",
    "HTTP://evil.example",
    "hTtPs:evil.example", "javascript:alert(1)", "java\tscript:alert(1)", "\x01javascript:alert(1)",
    "JaVaScRiPt:alert(1)", "javascript://evil.example/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)", "file:///etc/passwd", "ftp://evil.example", "blob:https://evil.example/1",
    "http://localhost@evil.example/", "http://localhost:80@evil.example/", "//localhost@evil.example",
    "http://evil.example#@localhost/", "http://evil.example?@localhost/", "http://localhost.evil.example/",
    "http://localhost:evil@evil.example", "//evil.example\\@localhost", "http://[::1]@evil.example",
    "/.//evil.example", "/..//evil.example", "/packages//evil.example", "/packages/..//evil.example",
    "\u2044\u2044evil.example", "/\u2044evil.example", "\uff0f\uff0fevil.example", "/\uff0fevil.example",
    "evil.example", "./evil.example", "?next=//evil.example", "#//evil.example", "@evil.example",
    "/%0d%0aLocation: http://evil.example", "/packages\r\nSet-Cookie: a=b", "/packages/ //evil.example",
    "http://2130706433/", "//0x7f000001", "http://127.0.0.1.evil.example", "//evil\u3002example",
    "/" + "a" * 2001, "/login/?next=//evil.example", "/logout/", "http://[", "//[evil", "/<script>",
)  # fmt: skip
OURS = (
    "/", "/packages/", "/packages/?q=a+b&sort=-name", "/packages/0199-ab/edit",
    "/bookings/?filter[status]=pending",
    "/packages/?page[after]=eyJhIjoxfQ==", "/packages/?q=%D8%B1%D8%A8%D9%8A%D8%B9", "/a/%2F%2Fevil.example",
    "/packages/?next=http://evil.example",
)  # fmt: skip
SPOOFED_HOSTS = (
    "evil.example", "localhost.evil.example", "evil.example:80", "localhost:80@evil.example",
    "evil.example#localhost",
    "127.0.0.1.evil.example", "localhost evil.example", "localhost,evil.example", "local\u0127ost",
    "localhost:99999",
    "localhost:0", "localhost:-1", "localhost:abc", "[::1", "[::1]evil", "[::2]", "", "localhost.",
    ".localhost",
    "localhost\\evil.example", "localhost/evil.example", "localhost?evil", "2130706433", "0x7f.1",
    "notlocalhost",
)  # fmt: skip
