"""Addresses that a result or a reference may claim to lie at, and that must never be connected to."""

from __future__ import annotations

LITERALS = (
    # this machine
    "127.0.0.1", "127.0.0.2", "127.1.2.3", "127.255.255.254", "0.0.0.0", "0.1.2.3", "[::1]", "[::]", "[::0:1]",
    # private, shared and link-local networks
    "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.255.255",
    "100.64.0.1", "100.127.255.254", "169.254.0.1", "[fc00::1]", "[fd12:3456:789a::1]", "[fe80::1]", "[fec0::1]",
    # metadata
    "169.254.169.254", "169.254.170.2", "100.100.100.200", "168.63.129.16", "[fd00:ec2::254]", "[fd20:ce::254]",
    "192.0.0.192",
    # reserved, documentation, benchmarks, relays
    "192.0.0.1", "192.0.2.7", "192.88.99.1", "198.18.0.1", "198.19.255.255", "198.51.100.9", "203.0.113.9",
    "240.0.0.1", "254.1.2.3", "255.255.255.255", "[100::1]", "[2001:db8::1]", "[3fff::1]", "[2001:2::1]",
    "[2001:10::1]", "[2001:20::1]", "[4000::1]", "[5f00::1]",
    # multicast
    "224.0.0.1", "233.252.0.1", "239.255.255.250", "[ff02::1]", "[ff0e::1]", "[ff05::1:3]",
    # IPv4 inside IPv6
    "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[::ffff:7f00:1]", "[::ffff:169.254.169.254]", "[::127.0.0.1]",
    "[::7f00:1]", "[::ffff:0:127.0.0.1]", "[::ffff:0:8.8.8.8]", "[64:ff9b::127.0.0.1]", "[64:ff9b::10.0.0.1]",
    "[64:ff9b::169.254.169.254]", "[64:ff9b:1::8.8.8.8]", "[2002:7f00:1::1]", "[2002:a00:1::1]",
    "[2002:a9fe:a9fe::1]", "[2002:808:808::1]", "[2001:0:4136:e378:8000:63bf:3fff:fdd2]", "[2001::1]",
    "[2600:1::5efe:127.0.0.1]", "[2600:1::200:5efe:10.0.0.1]", "[0:0:0:0:0:ffff:c0a8:1]",
    # zones
    "[fe80::1%25eth0]", "[fe80::1%eth0]", "[2606:4700::1111%251]",
    # odd spellings
    "2130706433", "017700000001", "0x7f000001", "0x7F000001", "0X7f.0.0.1", "0177.0.0.1", "127.1", "127.0.1",
    "127.0.0.01", "0x7f.1", "10.1", "192.168.257", "3232235521", "0251.0376.0251.0376", "0xa9fea9fe",
    "2852039166", "169.254.43518", "127.0.0.1.", "127.0.0.1..", "00000177.1", "0", "0x0", "4294967295",
    "42949672961", "256.256.256.256", "1.2.3.4.5", "134744072", "0x08080808", "8.8.2056",
)  # fmt: skip

# Names, and what the resolver makes of them.
NAMES = {
    "localhost": ["127.0.0.1"],
    "localhost.": ["127.0.0.1"],
    "LOCALHOST": ["127.0.0.1"],
    "ip6-localhost": ["::1"],
    "localtest.example": ["127.0.0.1"],
    "127.0.0.1.nip.example": ["127.0.0.1"],
    "metadata.google.internal": ["169.254.169.254"],
    "mixed.example": ["93.184.215.14", "10.0.0.1"],
    "mixed-six.example": ["93.184.215.14", "::1"],
    "mapped.example": ["::ffff:192.168.1.1"],
    "nowhere.example": [],
}

# Whole addresses whose parts are read differently by different programs.
URLS = (
    "https://public.example@127.0.0.1/",
    "https://127.0.0.1:443@public.example/",
    "https://user:secret@public.example/",
    "https://@public.example/",
    "https://public.example\\@127.0.0.1/",
    "https:\\\\127.0.0.1/",
    "https://127.0.0.1#@public.example/",
    "https://127.0.0.1?@public.example/",
    "https:///127.0.0.1/",
    "https:127.0.0.1",
    "//127.0.0.1/",
    "https://１２７.０.０.１/",
    "https://①②⑦.0.0.1/",
    "https://127。0。0。1/",
    "https://ⓛocalhost/",
    "https://loc\u00adalhost/",
    "https://public.example\r\nHost: 127.0.0.1/",
    "https://public.example\t/",
    " https://127.0.0.1/",
    "https://public.example%00.127.0.0.1/",
    "https://127.0.0.1%2f.public.example/",
    "https://[::1",
    "https://[v1.fe80::1]/",
    "http://public.example/",
    "http://127.0.0.1/",
    "file:///etc/passwd",
    "ftp://127.0.0.1/",
    "gopher://127.0.0.1/",
    "data:video/mp4;base64,AAAA",
    "oss://bucket/clip.mp4",
    "https://public.example:99999/",
    "https://public.example:-1/",
    "",
)

TARGETS = (
    [f"https://{host}/clip.mp4" for host in LITERALS]
    + [f"https://{host}:8443/clip.mp4" for host in NAMES]
    + [*URLS]
)

PUBLIC = (
    "8.8.8.8", "1.1.1.1", "93.184.215.14", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.0.1.1",
    "198.17.0.1", "198.20.0.1", "223.255.255.255", "2606:4700:4700::1111", "2a00:1450:4001::1", "2400:cb00::1",
    "::ffff:8.8.8.8", "64:ff9b::8.8.8.8",
)  # fmt: skip
