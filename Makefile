# Two commands do everything: `make serve` and `make test`. `make help` lists the rest.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PIP     = $(BIN)/python -m pip install --quiet --disable-pip-version-check
LOCKED  = $(PIP) --require-hashes --no-build-isolation

.DEFAULT_GOAL := help
.PHONY: help serve test check format browser-test benchmark lock clean

help:  ## 列出所有命令
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更高版本（可用 make PYTHON=python3.12 指定）。"; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "无法建立虚拟环境：请安装 python3-venv（sudo apt install python3-venv）后再试。"; exit 2; }

# The stamps say which lock file the environment was filled from; a newer lock file fills it again.
$(VENV)/.run: $(BIN)/python pyproject.toml requirements/build.txt requirements/run.txt
	@echo "正在准备运行环境……"
	@$(PIP) --require-hashes --requirement requirements/build.txt
	@$(LOCKED) --requirement requirements/run.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	@echo "正在准备测试环境……"
	@$(LOCKED) --requirement requirements/dev.txt
	@touch $@

$(VENV)/.browser: $(VENV)/.dev requirements/browser.txt
	@$(LOCKED) --requirement requirements/browser.txt
	@touch $@

$(VENV)/.benchmark: $(VENV)/.run requirements/benchmark.txt
	@$(LOCKED) --requirement requirements/benchmark.txt
	@touch $@

serve: $(VENV)/.run  ## 建立示例索引并启动服务：http://127.0.0.1:8000
	@[ -e index/CURRENT ] || $(BIN)/kb rebuild samples
	$(BIN)/gunicorn wsgi:app

test: $(VENV)/.dev  ## 运行不需要外部服务的全部测试
	$(BIN)/python -m pytest

browser-test: $(VENV)/.browser  ## 在无界面的 Chromium 中运行页面测试
	$(BIN)/python -m pytest tests/browser

check: $(VENV)/.dev  ## 代码规范、格式、类型、导入方向、无用代码
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/vulture

format: $(VENV)/.dev  ## 自动整理代码格式
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

benchmark: $(VENV)/.benchmark  ## 与同类引擎比速度：make benchmark CORPUS=语料.jsonl.xz
	@[ -n "$(CORPUS)" ] || { echo "请指定语料：make benchmark CORPUS=语料.jsonl.xz"; exit 2; }
	$(BIN)/python benchmarks/speed.py --corpus $(CORPUS) --peers

# Needs uv (pip install uv). The lock files carry versions and hashes, no addresses.
LOCK = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --no-config

lock:  ## 重新生成锁定文件
	$(LOCK) --group build --output-file requirements/build.txt
	$(LOCK) pyproject.toml --output-file requirements/run.txt
	$(LOCK) pyproject.toml --group dev --constraints requirements/run.txt --output-file requirements/dev.txt
	$(LOCK) pyproject.toml --group dev --group browser --constraints requirements/dev.txt --output-file requirements/browser.txt
	$(LOCK) --group benchmark --constraints requirements/run.txt --output-file requirements/benchmark.txt

clean:  ## 删除环境、索引和缓存
	rm -rf $(VENV) index/generations index/CURRENT .pytest_cache .mypy_cache .ruff_cache .hypothesis
