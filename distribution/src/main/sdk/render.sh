#!/usr/bin/env bash
# Makes a project of the binding template, which is examples/binding-acme: a real binding whose name is replaced. The Maven archetypes are
# made by the same lines, with names that Maven fills in.
#   render.sh TEMPLATE OVERLAY|- TARGET NAME CLASS PACKAGE GROUP GROUP_PATH VERSION [archetype]
set -euo pipefail
template=$1 overlay=$2 target=$3 name=$4 class=$5 package=$6 group=$7 group_path=$8 version=$9 archetype=${10:-}

one() {
  local from=$1 folder file to serial='/<!-- \/\{0,1\}serial -->/d'
  folder=$(dirname "$2") file=$(basename "$2")
  # Maven puts the folders of the package in between by itself, and names files by __property__.
  if [ -n "$archetype" ]; then
    folder=${folder/org\/example\/acme/.} file=${file//Acme/__className__} file=${file//acme/__name__}
  else
    folder=${folder/org\/example\/acme/${package//.//}} file=${file//Acme/$class} file=${file//acme/$name}
  fi
  to=$folder/$file
  [ "$overlay" = - ] || serial='/<!-- serial -->/,/<!-- \/serial -->/d'
  mkdir -p "$target/$(dirname "$to")"
  sed -e "$serial" \
    -e 's/org\.example\.acme/\x01/g; s#org/example#\x02#g; s/org\.example/\x03/g; s/Acme/\x04/g; s/acme/\x05/g; s/0\.1\.0-SNAPSHOT/\x06/g' \
    -e "s/\x01/$package/g; s#\x02#$group_path#g; s/\x03/$group/g; s/\x04/$class/g; s/\x05/$name/g; s/\x06/$version/g" \
    "$from" >"$target/$to"
  if [ -n "$archetype" ] && grep -q '##' "$target/$to"; then
    # Two hashes are a comment in Velocity.
    sed -i -e 's/##/${symbol_pound}${symbol_pound}/g' -e "1i #set( \$symbol_pound = '#' )" "$target/$to"
  fi
}

layer() {
  local file
  while IFS= read -r file; do
    one "$1/$file" "$file"
  done < <(cd "$1" && find . -name target -prune -o -name run -prune -o -type f -printf '%P\n')
}

layer "$template"
[ "$overlay" = - ] || layer "$overlay"
