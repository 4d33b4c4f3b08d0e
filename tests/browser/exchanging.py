"""Pages of an operator about other nodes and what goes between."""

from tests.browser.reaching import Scene, at

OPERATOR = "440000-data-operator"
SCENES = [
    Scene("nodes of the instance", OPERATOR, at("/operating/nodes/")),
    Scene("systems at the gateway", OPERATOR, at("/operating/gateway/")),
    Scene("givers' nodes", OPERATOR, at("/operating/givers/")),
    Scene("holders' nodes", OPERATOR, at("/operating/holders/")),
    Scene("health of the exchange", OPERATOR, at("/operating/traffic/?period=hour")),
    Scene("who exchanges with whom", OPERATOR, at("/operating/exchanges/?period=hour")),
    Scene("between nodes", OPERATOR, at("/operating/exchanges/?by=node")),
    Scene("look for a message", OPERATOR, at("/operating/trace/")),
    Scene("message not known", OPERATOR, at("/operating/trace/4401-000007/"), status=404),
    Scene("what waits", OPERATOR, at("/operating/queues/")),
    Scene("what ends when", OPERATOR, at("/operating/keys/")),
    Scene("alerts", OPERATOR, at("/operating/alerts/")),
    Scene("dead letters none", OPERATOR, at("/operating/dead-letters/")),
]
