"""Help notes with steps for household, garden, library, gym and other everyday matters."""

from __future__ import annotations

import random as randomness
from dataclasses import dataclass

from base.generators.phrase import code, say
from base.generators.words import WORDS

# thing | its parts | what goes wrong with it; the kind says which steps make sense.
_MACHINES = """
washing machine|drum, door seal, filter, inlet hose, soap drawer, drain pump, front panel|does not spin; leaks on the floor; smells of old water; stops in the middle; shakes very hard; will not open
dishwasher|spray arm, filter, salt box, lower basket, door seal, drain hose|leaves spots on glasses; does not drain; makes a grinding noise; leaves food on plates; stays cold
fridge|door seal, top shelf, drip tray, rear grille, thermostat dial, crisper drawer|is too warm; hums all night; has ice at the back; has a bad smell; lets water drip inside
oven|door, grill, lower rack, fan cover, glass plate, temperature dial|heats on one side only; smokes; does not light up; burns every cake; shows a wrong hour
kettle|lid, base plate, water filter, spout, lime layer, handle|switches off too early; tastes of metal; leaks at the spout; takes very long to boil
vacuum cleaner|dust bag, brush head, hose, wheel, air filter, cord|has lost its suction; smells of dust; gets hot; pulls to one side; will not roll up
toaster|crumb tray, lever, slot, cord, browning dial|burns one side; does not stay down; smells of smoke; pops up too soon
coffee maker|water tank, filter basket, jug, nozzle, drip plate|makes weak coffee; drips all day; clicks loudly; is blocked with lime
sewing machine|needle, bobbin, foot pedal, thread guide, hand wheel|tears the thread; skips stitches; jams on thick cloth; runs without moving the cloth
bicycle|chain, front brake, rear wheel, saddle, gear lever, pedal, tyre, pump, bell|squeaks when I pedal; brakes badly; has a flat tyre; slips out of gear; wobbles at speed
lawn mower|blade, spark plug, grass box, air filter, fuel cap, starter cord|will not start; cuts unevenly; blows white smoke; stops in long grass
office printer|paper tray, ink cartridge, roller, rear cover, scanner glass, output tray|prints grey lines; jams on every page; pulls two sheets at once; prints too pale; flashes a red light
paper shredder|cutter, waste bin, sensor, lid, feed slot|is stuck; does not notice the paper; overheats; makes a howling noise
treadmill|belt, safety clip, handrail, step plate, speed knob|slips under my feet; stops at low speed; shows no speed; squeals
rowing machine|seat rail, pull cord, foot strap, flywheel, seat roller|pulls unevenly; creaks; has a cord that hangs loose
room heater|valve, grille, pipe joint, dial, bleed screw|gurgles at night; stays cold at the top; ticks; cannot be turned down
hotel room safe|keypad, door, battery cover, bolt, reset pin|does not take my number; beeps without end; is locked with my passport inside
garden hose|nozzle, tap ring, reel, washer, coupling|sprays at the tap; has no pressure; kinks at the reel
wall clock|battery cover, minute hand, glass, hook, setting wheel|loses ten minutes a day; ticks but stands still; stopped at night
desk lamp|bulb, shade, joint, foot, switch|flickers; falls forward; gets too hot; goes out by itself
"""
_PLANTS = """
tomato plant|lower leaves, stem, roots, side shoots, soil|has yellow leaves; bears no fruit; hangs its head at noon; has black spots
rose bush|buds, old wood, thorny stems, leaves, roots|has greenfly; drops its buds; has white powder on it; did not bloom
house fern|fronds, pot, roots, brown tips, soil|turns brown; loses leaves; has tiny flies around it; stopped growing
lemon tree|twigs, bark, blossoms, leaves, root ball|drops its blossoms; sticks to my fingers; looks pale; has curled leaves
lawn|grass, edges, moss, bare patches, topsoil|is full of moss; has bare patches; turned yellow after the holiday; stays wet for days
herb box|basil, box floor, drain holes, soil, shoots|rots from below; grows thin and long; was eaten by snails
orchid|air roots, flower stem, bark mix, leaves, pot|will not flower again; has wrinkled leaves; smells rotten
cactus|spines, base, sandy soil, pot, top|has gone soft; leans to the window; has white wool on it
"""
_SERVICES = """
library loan|library card, return box, loan slip, reading list, reserved book|is overdue; was booked on another card; is missing a page; cannot be renewed
gym membership|member card, locker key, entry gate, course list, towel|does not open the gate; should pause for a month; was paid twice; runs out too soon
hotel booking|room key, breakfast card, parking pass, arrival form, luggage ticket|has the wrong date; is for one bed too few; does not include breakfast; must move to another week
swimming course|entry band, health form, lane card, course card, bath cap|clashes with work; is too hard for my son; was full; began without me
cooking class|recipe sheet, apron, seat card, shopping list, taste spoon|has no place left; does not suit nut eaters; was moved without a word
bicycle rental|lock code, deposit slip, helmet, rental card, return stand|could not be returned; cost more than agreed; came with a broken bell
museum visit|entry ticket, audio guide, cloakroom tag, group list, floor plan|was for the wrong day; needs a wheelchair; lost its group price
theatre seat|ticket, coat check tag, seat plan, programme, balcony pass|is behind a pillar; was sold twice; must be changed to another night
parcel delivery|parcel slip, door tag, address label, pick-up shelf, weight card|never came; arrived wet; went to the wrong door; lies at a closed shop
bakery order|order slip, cake box, candle set, collection card, icing note|has the wrong name on it; must be ready sooner; was too small
dance evening|guest list, shoe bag, table card, dress note, dance card|is full; starts later than printed; has no partner for me
tool rental|deposit slip, tool case, safety sheet, return form, spare blade|broke on the first day; was handed out without a case; must be kept longer
"""
_DISHES = """
bread dough|crust, dough, tin, yeast, flour|does not rise; is raw inside; tears when I roll it; is hard as stone
sponge cake|batter, cake tin, top, egg whites, filling|sinks in the middle; sticks to the tin; is dry; cracks on top
vegetable soup|stock, pot, onions, herbs, carrots|is too salty; is thin as water; tastes of nothing; burned at the bottom
fried rice|rice, pan, egg, spring onions, oil|sticks together; turns out wet; burns at the edge
strawberry jam|fruit, sugar, jars, foam, lids|does not set; has mould on top; is far too sweet
omelette|eggs, pan, filling, edges, butter|tears; turns brown; stays runny; is tough
"""
_STEPS = {
    "machine": """[switch|turn] off the {item} [at the wall|and let it cool|before anything else|]
[unplug|disconnect] the {item} and [wait|leave it] [for|] {n} [minutes|seconds]
[remove|take out|pull out] the {part} and [rinse|wipe|brush|clean] it [with [warm|cold|soapy] water|with a [soft|dry|damp] cloth|]
[open|lift|loosen] the {part} [slowly|by {few} turns|with a {tool}|]
[check|look] [whether|if] the {part} is [clean|straight|loose|dry|cracked|worn|in place]
[turn|set|move] the {part} to [mark|position|number] {few}
hold the {colour} [button|switch] for {few} seconds
[push|press|slide] the {part} back until it clicks
put [{few} drops|a little|a spoon] of [oil|vinegar|salt|soap] on the {part}
[tighten|fasten|screw down] the {part} [by hand|with a {tool}|{few} turns]
run the {item} [empty|once|for {n} minutes] [at {n} degrees|]
[replace|change|swap] the {part} [if it is [worn|cracked|bent]|with part {code}|]
[note|write down] the number {code} [under|behind|beside] the {part}
let the {part} dry for {n} [minutes|hours]
[read|copy] the label {code} and bring it to {name}""",
    "plant": """[water|spray] the {part} [every {few} days|in the morning|with rain water|less often]
[cut|pinch|snip] off the [dry|brown|soft|weak] {part} [with a clean knife|above the {few}th leaf|]
move the {item} {few} steps [away from|closer to] the window
mix [{few} spoons|a cup|a handful] of [sand|compost|ash|bark] into the {part}
[wash|wipe|rub] the {part} with [soapy water|weak tea|a soft cloth]
wait {n} days before you feed it
feed the {item} with [bottle|bag|mix] {code} [once a {month}|every {n} days|]
[lift|loosen|shake] the {part} [gently|with a {tool}]
[cover|wrap] the {part} with [straw|paper|fleece|bark] [at night|for {n} days|]
[check|look at] the {part} [every {day}|for small insects|from below]
keep it [dry|cool|shaded|warm] for {n} days
plant [{few} {plant} seeds|some {plant}] beside it""",
    "service": """[bring|take|carry] the {part} to [desk|counter|room] {few}
[show|give|hand] the {part} to {name} [at the {place}|on the first floor|in the {room}|]
[fill in|sign|complete] the {colour} form [with the number {code}|on both sides|]
ask [for|to speak to] {name} [before {day}|after {few} o'clock|]
[write|note] {code} on the {part}
[call|ring] extension {n} and [say|give] the word {thing}
pay {n} coins [at the {place}|to {name}|at desk {few}]
wait for [a|the] {colour} [card|letter|slip] [until {day}|for {few} days|]
[keep|store] the {part} [safe|dry] until {month}
choose a new [date|time|place] from list {code}
[leave|drop|lay] the {part} in the {colour} box
come back on {day} [before {few} o'clock|with the {part}|]""",
    "dish": """[stir|beat|whisk] the {part} [for|] {n} minutes
add [{few} spoons|a cup|a pinch] of [{food}|salt|milk|flour|sugar]
[heat|warm] the {part} to {n} degrees
[cover|wrap] the {part} with a [damp|clean] cloth
let the {part} rest for {n} minutes
[lower|raise] the heat [by {n} degrees|after {few} minutes|]
[taste|smell|test] the {part} [with a spoon|after {n} minutes|]
[cut|chop|slice] a~{vegetable} into {few} pieces
[serve|eat] it with {fruit} [or|and] {food}
[move|place] the {part} on the [lower|upper|middle] rack
use [fresh|cold|dry|less] {part} [the next time|from bag {code}|]
[pour|press|spread] the {part} into a [wide|deep|greased] dish""",
}


@dataclass(frozen=True)
class Note:
    """One help note: what it is about, what is wrong, and the steps that solve it."""

    item: str
    fault: str
    steps: tuple[str, ...]


def _topics(text: str, kind: str) -> list[tuple[str, str, list[str], list[str]]]:
    rows = [line.split("|") for line in text.strip().splitlines()]
    return [(kind, item, parts.split(", "), faults.split("; ")) for item, parts, faults in rows]


_TOPICS = [
    *_topics(_MACHINES, "machine"),
    *_topics(_PLANTS, "plant"),
    *_topics(_SERVICES, "service"),
    *_topics(_DISHES, "dish"),
]
ITEMS = tuple(item for _, item, _, _ in _TOPICS)


def _steps(random: randomness.Random, kind: str, item: str, parts: list[str], count: int) -> tuple[str, ...]:
    forms = random.sample(_STEPS[kind].splitlines(), count)
    own = item.split()[-1] if random.random() < 0.5 else item
    return tuple(
        say(
            random,
            form,
            item=own,
            part=random.choice(parts),
            n=random.randint(2, 60),
            few=random.randint(2, 9),
            code=code(random),
            tool=random.choice(WORDS["tool"]),
        )
        + "."
        for form in forms
    )


def notes(random: randomness.Random, count: int) -> list[Note]:
    """`count` notes on different things, each with three to six steps."""
    made = []
    for kind, item, parts, faults in random.sample(_TOPICS, count):
        made.append(
            Note(item, random.choice(faults), _steps(random, kind, item, parts, random.randint(2, 6)))
        )
    return made
