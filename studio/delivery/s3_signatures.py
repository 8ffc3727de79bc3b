"""The signatures of S3 (SigV4), made by botocore from the keys it is handed and from nothing else: no session, no
profile, no variable of the environment, no metadata service is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, cast

from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials


class Signatures:
    def __init__(self, *, access_key: str, secret_key: str, region: str) -> None:
        self._credentials, self._region = Credentials(access_key, secret_key), region

    def headers(
        self, method: str, url: str, headers: Mapping[str, str], file: IO[bytes] | None = None
    ) -> dict[str, str]:
        """The headers to send, the signature among them. A file is read to its end and then stands at its start."""
        request = AWSRequest(method, url, headers=headers, data=file or b"")
        S3SigV4Auth(self._credentials, "s3", self._region).add_auth(request)
        return dict(request.headers)

    def link(self, method: str, url: str, *, seconds: int) -> str:
        """The address with a signature in it, good for this method alone."""
        request = AWSRequest(method, url)
        S3SigV4QueryAuth(self._credentials, "s3", self._region, expires=seconds).add_auth(request)
        return cast(str, request.url)
