"""Whose the register is: the standards office of the province."""

from lingnan.kernel.trust.api import official

OFFICE = official("data_officer", "head", functions=("data",))
EDITORS = official("data_officer", functions=("data",))
CONFIRMERS = official("head", functions=("data",))
BASIS = "《政务数据共享条例》（2025-05-28；条文未经核实）"
PROVINCE = "440000"
