"""Pages of an operator about other nodes and what goes between."""

from tests.browser.reaching import Scene, at

OPERATOR = "440000-data-operator"
SCENES = [
    Scene("nodes of the instance", OPERATOR, at("/operating/nodes/")),
    Scene("systems at the gateway", OPERATOR, at("/operating/gateway/")),
    Scene("givers' nodes", OPERATOR, at("/operating/givers/")),
    Scene("holders' nodes", OPERATOR, at("/operating/holders/")),
    Scene("cooperation at another node", "440000-data-head", at("/desk/cooperation/")),
    Scene("dead letters none", OPERATOR, at("/operating/dead-letters/")),
]
