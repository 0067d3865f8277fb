# Two commands do the work: `make briefing` and `make test`. Every command below also stands in README.md, for
# people without make; nothing is done here that cannot be typed by hand.

PYTHON ?= python3
REPORTS := 000-bo-chi-so-766 001-ket-qua-giai-quyet-tthc 002-dich-vu-cong-truc-tuyen 003-chi-thi-08 004-chi-so-cchc-dti service_index
SAMPLE := data/derived/sample/counts.parquet

# A project folder that was moved or copied: its .venv still runs the code of the old place.
ifneq ($(wildcard .venv/ready),)
ifneq ($(shell cat .venv/ready),$(CURDIR))
$(shell rm -f .venv/ready)
endif
endif

.PHONY: help briefing test lint record record-accept bench lab clean

help: ## danh sách các lệnh
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 16

briefing: .venv/ready $(SAMPLE) ## cài đặt, lập và kiểm tra các báo cáo, cho biết chúng nằm ở đâu
	.venv/bin/python -m baocao build $(REPORTS)
	.venv/bin/python -m baocao build unit_briefing --units communes,departments,land-offices

test: lint .venv/warehouse ## cài đặt, soát mã nguồn, chạy mọi phép thử
	.venv/bin/python -m pytest -n 2 --dist loadfile

lint: .venv/ready ## soát mã nguồn và cách trình bày của nó
	.venv/bin/python -m ruff check .
	.venv/bin/python -m ruff format --check .

record: .venv/ready $(SAMPLE) ## so những gì các báo cáo nói bây giờ với bản ghi trong tests/record
	.venv/bin/python tests/record/record.py

record-accept: .venv/ready $(SAMPLE) ## ghi lại bản ghi sau một thay đổi có chủ ý (nêu trong commit)
	.venv/bin/python tests/record/record.py --accept

bench: .venv/ready ## đo thời gian, bộ nhớ khi tính mười triệu hồ sơ, khi lập cả loạt văn bản
	.venv/bin/python benchmarks/reduction.py
	.venv/bin/python benchmarks/memory.py
	.venv/bin/python benchmarks/batch.py

lab: .venv/lab/ready $(SAMPLE) ## mở sổ tay khám phá số liệu trong JupyterLab
	.venv/bin/python -m baocao explore

clean: ## xóa mọi thứ mà các lệnh trên tạo ra (trừ phông chữ)
	rm -rf .venv data/derived reports/build .pytest_cache .ruff_cache .hypothesis

# Synthetic figures: looked at again when what makes them may have changed.
$(SAMPLE): $(wildcard lib/baocao/app/sample/*.py data/reference/*.csv) | .venv/ready
	.venv/bin/python -m baocao sample
	@touch $@

# Set-up. The file `ready` is written last: where it is missing, an earlier set-up was interrupted and starts anew;
# where the lock is newer, the libraries are brought up to it.
.venv/ready: requirements.lock pyproject.toml
	@if [ -f $@ ]; then rm $@; else $(PYTHON) -m venv --clear .venv; fi
	.venv/bin/python -m pip install --quiet --require-hashes -r requirements.lock
	.venv/bin/python -m pip install --quiet --no-deps --no-build-isolation -e .
	.venv/bin/python -m baocao doctor --get-fonts
	@echo "$(CURDIR)" > $@

# The drivers of PostgreSQL and Spark, for the tests that start both; nothing else needs them.
.venv/warehouse: requirements-warehouse.lock .venv/ready
	.venv/bin/python -m pip install --quiet --no-build-isolation --require-hashes -r requirements-warehouse.lock
	@touch $@

# JupyterLab lives apart, since papermill starts 1.8 s later beside it; its kernel is the project's own Python.
.venv/lab/ready: requirements-lab.lock .venv/ready
	@if [ -f $@ ]; then rm $@; else $(PYTHON) -m venv --clear .venv/lab; fi
	.venv/lab/bin/python -m pip install --quiet --require-hashes -r requirements-lab.lock
	.venv/bin/python -m ipykernel install --prefix .venv/lab --name python3
	@touch $@
