#!/usr/bin/env python3
"""An Acme fan on standard input and output; README.md says how socat makes a port of it."""
import os
import select

speed, temperature = 0, 21.0

def say(line):
    os.write(1, (line + "\n").encode())

while True:
    ready, _, _ = select.select([0], [], [], 1.0)
    if ready:
        data = os.read(0, 256)
        if not data:
            break
        for line in data.decode("ascii", "replace").splitlines():
            word, _, number = line.partition(" ")
            if word == "speed" and number.isdigit() and int(number) <= 100:
                speed = int(number)
            elif line.strip():
                say("error '%s'" % line)
    temperature += (26.0 - speed / 10.0 - temperature) / 20.0
    say("speed %d" % speed)
    say("temperature %.1f" % temperature)
