#!/bin/sh
# The nights' history on a branch of its own: caches are evicted, and where the history is lost every night is a first one.
#
#   nightly_history.sh fetch FOLDER [BRANCH]   puts what the branch has into FOLDER; a branch that does not exist yet has nothing
#   nightly_history.sh keep FOLDER [BRANCH]    adds a commit with the history in FOLDER to it
set -eu
branch=${3:-nightly-history}
action=$1
mkdir -p "$2"
folder=$(cd "$2" && pwd)
git_dir=$(git rev-parse --absolute-git-dir)

# 2 is the answer that there is no such branch; anything else that goes wrong is no answer.
known=0
git ls-remote --exit-code --heads origin "$branch" >/dev/null || known=$?
case $known in
0) git fetch --quiet --depth 1 origin "refs/heads/$branch" && parent=$(git rev-parse FETCH_HEAD) ;;
2) parent= ;;
*) echo "The history cannot be asked for: git ls-remote ended with status $known" >&2 && exit 1 ;;
esac

case $action in
fetch)
  if [ -z "$parent" ]; then
    echo "There is no branch $branch yet: this is the first night"
  else
    git archive "$parent" | tar -x -C "$folder"
  fi
  ;;
keep)
  GIT_INDEX_FILE=$(mktemp -d)/index
  export GIT_INDEX_FILE
  for name in history.jsonl baselines.jsonl summary.md history.svg index.html; do
    if [ -e "$folder/$name" ]; then git --git-dir="$git_dir" --work-tree="$folder" -C "$folder" add -f "$name"; fi
  done
  tree=$(git write-tree)
  if [ -n "$parent" ] && [ "$tree" = "$(git rev-parse "$parent^{tree}")" ]; then exit 0; fi
  commit=$(git -c user.name=nightly -c user.email=nightly@localhost commit-tree "$tree" ${parent:+-p "$parent"} -m "A night")
  # Without force: a night that was kept meanwhile is not overwritten.
  git push --quiet origin "$commit:refs/heads/$branch"
  ;;
*) echo "nightly_history.sh fetch|keep FOLDER [BRANCH]" >&2 && exit 2 ;;
esac
