FROM scratch
ADD root.tar /
CMD ["sh"]
