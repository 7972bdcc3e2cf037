# The shell that `make shell` gives.
PS1='l1:\w\$ '
alias ls='ls --color=auto'
