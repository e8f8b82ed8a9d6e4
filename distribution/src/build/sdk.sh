#!/usr/bin/env bash
# Build step: sdk/repository, in Maven's layout: what a binding outside the tree is built against, and the archetypes.
#   sdk.sh ROOT TREE VERSION JAVA_HOME
set -euo pipefail
root=$1 tree=$2 version=$3 java_home=$4
repository=$tree/sdk/repository/org/fieldhouse

place() { # ARTIFACT POM [JAR]
  local into=$repository/$1/$version
  mkdir -p "$into"
  cp "$2" "$into/$1-$version.pom"
  [ $# -lt 3 ] || cp "$3" "$into/$1-$version.jar"
}

place fieldhouse "$root/pom.xml"
for artifact in org.fieldhouse.api org.fieldhouse.serial org.fieldhouse.testkit; do
  place "$artifact" "$root/bundles/$artifact/pom.xml" "$root/bundles/$artifact/target/$artifact-$version.jar"
done

archetype() { # TRANSPORT OVERLAY
  local artifact=binding-$1-archetype work
  work=$(mktemp -d)
  mkdir -p "$work/META-INF/maven"
  bash "$tree/sdk/render.sh" "$tree/examples/binding-acme" "$2" "$work/archetype-resources" \
    '${name}' '${className}' '${package}' '${groupId}' "\${groupId.replace('.', '\/')}" "$version" archetype
  cat >"$work/META-INF/maven/archetype-metadata.xml" <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<archetype-descriptor xmlns="https://maven.apache.org/plugins/maven-archetype-plugin/archetype-descriptor/1.1.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="https://maven.apache.org/plugins/maven-archetype-plugin/archetype-descriptor/1.1.0 https://maven.apache.org/xsd/archetype-descriptor-1.1.0.xsd" name="binding">
  <requiredProperties>
    <requiredProperty key="name">
      <validationRegex>[a-z][a-z0-9]*</validationRegex>
    </requiredProperty>
    <requiredProperty key="groupId">
      <defaultValue>org.example</defaultValue>
    </requiredProperty>
    <requiredProperty key="package">
      <defaultValue>${groupId}.${name}</defaultValue>
    </requiredProperty>
    <requiredProperty key="artifactId">
      <defaultValue>${groupId}.${name}</defaultValue>
    </requiredProperty>
    <requiredProperty key="version">
      <defaultValue>1.0.0</defaultValue>
    </requiredProperty>
    <requiredProperty key="className">
      <defaultValue>${name.substring(0,1).toUpperCase()}${name.substring(1)}</defaultValue>
    </requiredProperty>
  </requiredProperties>
  <fileSets>
    <fileSet filtered="true" packaged="true" encoding="UTF-8">
      <directory>src/main/java</directory>
    </fileSet>
    <fileSet filtered="true" packaged="true" encoding="UTF-8">
      <directory>src/test/java</directory>
    </fileSet>
    <fileSet filtered="true" encoding="UTF-8">
      <directory>simulator</directory>
    </fileSet>
    <fileSet filtered="true" encoding="UTF-8">
      <directory>devices</directory>
    </fileSet>
    <fileSet filtered="true" encoding="UTF-8">
      <directory></directory>
      <includes>
        <include>README.md</include>
        <include>bnd.bnd</include>
        <include>*.json</include>
      </includes>
    </fileSet>
  </fileSets>
</archetype-descriptor>
XML
  cat >"$work.pom" <<XML
<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>org.fieldhouse</groupId>
  <artifactId>$artifact</artifactId>
  <version>$version</version>
</project>
XML
  "$java_home/bin/jar" --create --no-manifest --date=2026-01-01T00:00:00Z --file "$work.jar" -C "$work" . ||
    "$java_home/bin/jar" --create --no-manifest --file "$work.jar" -C "$work" .
  place "$artifact" "$work.pom" "$work.jar"
  rm -rf "$work" "$work.pom" "$work.jar"
}
archetype serial -
archetype tcp "$tree/examples/binding-acme-tcp"
