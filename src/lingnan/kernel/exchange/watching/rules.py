"""When something is not as it should be: the rules, with their limits, in one place.

All limits are house values: no law and no standard gives them. `minutes` is for how long it must
be seen before it is told, and gone before it is over, so that nothing flaps.
"""

from dataclasses import dataclass

from lingnan.kernel.runtime.api import Title

WINDOW = 10
"""Minutes of traffic that the rules about messages look at."""
LEAST = 20
"""Messages within them, below which a share or a percentile says nothing."""
TRIED = 3
"""Messages to a node within them, of which none was answered, by which it counts as silent."""
ERROR_SHARE, SLOWEST = 0.05, 2.0
"""Share of errors; seconds that the slowest hundredth may take (p99)."""
WAITING = 3600
"""Seconds that something may wait in a queue."""
DAYS = (30, 7, 1)
"""Days before a key or certificate ends."""
DIRECTORY_AGE = 24
"""Hours since the directory was issued (it is issued every twelve, and good for 72)."""
SKEW = 5.0
"""Seconds by which another node's clock may differ; from 240 s on, its messages are refused."""
ROOM = 0.10
"""Share of the disk that is free."""


@dataclass(frozen=True)
class Rule:
    """`code` names it, also in `doctor`; `todo` says what to do; `page` is where to look."""

    code: str
    title: Title
    todo: Title
    page: str
    minutes: int = 2


_ALL = (
    Rule("errors", Title("服务出错过多", "Too many errors of a service"),
         Title("查看该服务由谁应答、错误是无人应答还是故障；联系源头部门的运维员。",
               "See who answers the service and whether nobody answers or it fails; call the "
               "holder's operator."), "/operating/traffic/?period=hour", 3),
    Rule("slow", Title("服务应答过慢", "A service answers too slowly"),
         Title("对照链路追踪看慢在哪一段：本节点、中转、对方服务。",
               "By a trace, see where the time goes: this node, a relay, the service."),
         "/operating/traffic/?period=hour", 3),
    Rule("silent", Title("对方节点没有应答", "Another node does not answer"),
         Title("核对对方网关地址和证书；由该节点的运维员确认其是否在运行。",
               "Check its gateway's address and certificate; ask its operator whether it runs."),
         "/operating/exchanges/?by=node", 3),
    Rule("queue", Title("等待处理时间过长", "Something waits for too long"),
         Title("查看等待原因：后台进程是否在运行，对方是否应答。",
               "See why it waits: whether the worker runs, whether the other side answers."),
         "/operating/queues/", 5),
    Rule("key", Title("密钥或证书即将到期", "A key or certificate ends soon"),
         Title("按列表中的说明更新。", "Renew it as the list says."), "/operating/keys/", 0),
    Rule("directory", Title("成员目录陈旧", "The directory is old"),
         Title("核对发起节点能否连上；72 小时后本节点停止交换。",
               "See whether the founder can be reached; after 72 hours exchange stops here."),
         "/operating/nodes/", 5),
    Rule("clock", Title("时钟不一致", "Clocks differ"),
         Title("核对两端的时间同步；相差过大时报文被拒绝。",
               "Check time synchronisation at both ends; too large a difference refuses messages."),
         "/operating/traffic/", 3),
    Rule("disk", Title("磁盘空间不足", "The disk fills up"),
         Title("腾出空间或扩容：写满后证据无法写入，交换即停止。",
               "Make room: without any, no evidence can be written and exchange stops."),
         "/operating/", 2),
)  # fmt: skip
RULES = {one.code: one for one in _ALL}
