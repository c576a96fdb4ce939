# What python:3.11-slim-bookworm is to its users, from Debian's own packages: `python` and `pip`
# in /usr/local/bin, packages in /usr/local/lib/python3.11/site-packages, pip free to install.
FROM debian:bookworm-slim
ENV LANG=C.UTF-8
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates python3 python3-pip python3-venv \
 && rm -rf /var/lib/apt/lists/* /var/cache/debconf/*-old /var/log/* \
 && rm /usr/lib/python3.11/EXTERNALLY-MANAGED \
 && find / -xdev -name __pycache__ -prune -exec rm -rf {} + \
 && rm -rf /usr/local/lib/python3.11/dist-packages \
 && mkdir -p /usr/local/lib/python3.11/site-packages \
 && ln -s site-packages /usr/local/lib/python3.11/dist-packages \
 && ln -s /usr/bin/python3.11 /usr/local/bin/python \
 && ln -s /usr/bin/python3.11 /usr/local/bin/python3 \
 && ln -s /usr/bin/pip3 /usr/local/bin/pip \
 && ln -s /usr/bin/pip3 /usr/local/bin/pip3
CMD ["python3"]
