"""Open the first operator's account of a node; with --head that of the first head.

The node must be up. A link is printed that serves once, for half an hour: by it the person chooses
a password on a device of their own. No password is ever printed. Once there is an operator (or a
head) it refuses; --another KEYFILE opens one more with the machine's own key (keys/operator.key),
for when all are lost. The same words again print a new link as long as nobody has signed in.
"""

import argparse
import hmac
import sys
from pathlib import Path
from typing import Any

from lingnan.node.attending import attended
from lingnan.node.up import data_folder

MINUTES = 30
WORDS = {
    "exists": "已有该岗位的人员 · there is one already: people are appointed on /desk/people/; "
    "with the machine's key: --another KEYFILE",
    "login": "--login：4至40个小写字母、数字、点和连字符 · 4 to 40 small letters, digits, dots "
    "and hyphens",
    "name": "姓名至少两个字，不含数字 · a name of two letters or characters at least, without "
    "digits",
    "taken": "该登录名已有人使用 · somebody signs in with this name already",
    "role": "该单位没有这个岗位 · this body has no such post",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="as on the person's identity document")
    parser.add_argument("--login", default="", help="name to sign in with; default: proposed")
    parser.add_argument("--head", action="store_true", help="the first head, of the same body")
    parser.add_argument("--another", type=Path, metavar="KEYFILE", help="although there is one")
    parser.add_argument("--data", type=Path, default=None, help="data folder of the node")


def run(args: argparse.Namespace) -> int:
    data = data_folder(args.data)
    refused = attended(data) or _not_the_key(data, args.another)
    if refused:
        print(f"lingnan: {refused}", file=sys.stderr)
        return 1
    return _opened(args, data)


def _not_the_key(data: Path, file: Path | None) -> str:
    """Why the file that was named is not the machine's key; empty where it is, or none was."""
    if file is None:
        return ""
    try:
        given, own = (one.read_text().strip() for one in (file, data / "keys" / "operator.key"))
    except (OSError, UnicodeDecodeError) as problem:
        return f"--another: {problem}"
    same = bool(own) and hmac.compare_digest(given.encode(), own.encode())
    return "" if same else f"--another: {file} 不是本机的密钥 · is not the key of this machine"


def _opened(args: argparse.Namespace, data: Path) -> int:
    from lingnan.kernel.trust.people import accounts, first
    from lingnan.kernel.trust.people.appointing import HEAD, OPERATOR, NotPossible

    body = _body()
    role = HEAD if args.head else OPERATOR
    login = args.login or accounts.proposed_login(body)
    try:
        account, code = first.open_first(body, role, login, args.name, args.another is not None)
    except NotPossible as fault:
        print(f"lingnan: {WORDS.get(fault.code, fault.code)}", file=sys.stderr)
        return 1
    _say(account, body, code)
    return 0


def _body() -> Any:
    """The body that operates the node; where no body is entered yet all of the province are, since
    no page enters any."""
    from django.db import transaction

    from lingnan.kernel.registry.api import holding
    from lingnan.kernel.runtime.api import legal_time
    from lingnan.kernel.trust.api import Body
    from lingnan.kernel.trust.people.first import BY
    from lingnan.node import accounts
    from lingnan.node import world as worlds

    if not Body.objects.exists():
        with transaction.atomic():
            accounts.bodies(worlds.bodies(legal_time.today()), BY, "the province's bodies")
        holding.settle()
    return Body.objects.get(code=worlds.table("bodies.toml")["operator"])


def _say(account: Any, body: Any, code: str) -> None:
    from django.conf import settings

    from lingnan.kernel.trust.signin.pages_counter import CODE

    print(f"账户 · account    {account.login}  {account.name}  {body.name_zh}")
    print(f"链接 · link       {settings.PUBLIC_ADDRESS}{CODE}#{code}")
    print(
        f"{MINUTES} 分钟内有效，只能使用一次；由本人在自己的设备上打开并设定密码 · it serves "
        f"once, for {MINUTES} minutes; the person opens it on a device of their own and chooses a "
        "password"
    )
