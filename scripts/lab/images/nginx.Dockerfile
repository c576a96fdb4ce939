# What nginx:stable-bookworm is to its users, from Debian's own package: configuration in
# /etc/nginx/conf.d, pages in /usr/share/nginx/html, logs to the container's output, user `nginx`.
FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends nginx-light \
 && rm -rf /var/lib/apt/lists/* /var/cache/debconf/*-old /var/log/*.log /var/log/apt \
 && rm -rf /etc/nginx/sites-enabled /etc/nginx/sites-available /etc/nginx/snippets /var/www \
 && useradd --system --home-dir /nonexistent --shell /usr/sbin/nologin nginx \
 && sed -i 's/^user .*/user nginx;/' /etc/nginx/nginx.conf \
 && ln -sf /dev/stdout /var/log/nginx/access.log \
 && ln -sf /dev/stderr /var/log/nginx/error.log
COPY <<EOF /etc/nginx/conf.d/default.conf
server {
    listen 80;
    root /usr/share/nginx/html;
    index index.html;
}
EOF
EXPOSE 80
STOPSIGNAL SIGQUIT
CMD ["nginx", "-g", "daemon off;"]
