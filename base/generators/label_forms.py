"""Families of labels, and how a text of each label may be worded."""

from __future__ import annotations

Forms = dict[str, tuple[str, ...]]

TOPICS: Forms = {
    "food": (
        "the {food} with {vegetable} [was|tasted] {quality}",
        "{name} [cooked|baked] {food} and {fruit} {when}",
        "add {fruit} to the {food} and stir it {adverb}",
    ),
    "animals": (
        "the {animal} [chased|watched|followed] a~{quality} {animal}",
        "{name} [fed|brushed] the {animal} {when}",
        "a~{colour} {animal} [slept|sat] {where}",
    ),
    "weather": (
        "{weather} and {weather} are expected in {town} on {day}",
        "after the {weather} came {weather} {when}",
        "{town} had {weather} for {number} days",
    ),
    "sport": (
        "{name} won the {sport} match in {town}",
        "the {sport} team [trains|meets] on {day} with {name}",
        "{name} scored {number} points in {sport}",
    ),
    "music": (
        "{name} plays the {instrument} and the {instrument}",
        "the {instrument} concert in {town} was {quality}",
        "a~{quality} {instrument} was heard {where}",
    ),
    "travel": (
        "the {vehicle} to {town} leaves on {day}",
        "{name} went by {vehicle} from {town} to {town}",
        "take the {vehicle} to the {place} of {town}",
    ),
    "money": (
        "{name} paid {number} coins for the {thing}",
        "the price of a~{thing} rose by {number} coins",
        "{name} saved {number} coins in a~{container}",
    ),
    "garden": (
        "{name} planted {plant} next to the {tree}",
        "the {plant} and the {tree} need water {when}",
        "cut the {plant} with a~{quality} knife in {month}",
    ),
    "school": (
        "the {subject} lesson on {day} is about {subject}",
        "{name} wrote a {subject} test {when}",
        "the teacher of {subject} gave {name} a~{thing}",
    ),
    "clothes": (
        "{name} wore a~{colour} {clothing} and a~{quality} {clothing}",
        "the {clothing} made of {material} is {quality}",
        "wash the {clothing} and the {clothing} {adverb}",
    ),
    "machines": (
        "the {device} [stopped|beeped|broke] {when}",
        "connect the {device} to the {device}",
        "{name} bought a~{quality} {device} with a {device}",
    ),
    "home": (
        "{name} moved the {furniture} into the {room}",
        "the {furniture} in the {room} is {quality}",
        "put the {furniture} {where} in the {room}",
    ),
    "work": (
        "the {job} met a~{job} {when}",
        "{name} works as a~{job} in {town}",
        "we need a~{quality} {job} by {day}",
    ),
    "art": (
        "{name} painted the {place} in {colour} and {colour}",
        "the picture of a~{quality} {place} hangs {where}",
        "a~{colour} drawing by {name} was shown in {town}",
    ),
}
MOODS: Forms = {
    "positive": (
        "[i love|we adore|how nice is] [this|the] {colour} {thing}, it is [great|wonderful|perfect|excellent]",
        "the {job} was [so kind|very helpful|great] and i am [glad|happy]",
        "[best|finest] {food} in {town}, [i will come again|thank you {name}]",
    ),
    "negative": (
        "[i hate|we dislike] [this|the] {colour} {thing}, it is [bad|awful|terrible|useless]",
        "the {job} was [rude|very slow|careless] and i am [angry|upset]",
        "[worst|poorest] {food} in {town}, [never again|shame on you {name}]",
    ),
    "neutral": (
        "the {thing} is {colour} and [made of {material}|stands {where}]",
        "the {job} [came|left] {when}",
        "{food} is sold in {town} on {day}",
    ),
}
ACTS: Forms = {
    "question": (
        "[when|where|why|how] does the {vehicle} [go|stop] in {town}",
        "who [took|has] the {colour} {object} of {name}",
        "can i bring a~{animal} to the {place}",
    ),
    "complaint": (
        "[the {device} i bought {when} is broken|my {thing} arrived torn], and nobody [cares|answers]",
        "i waited {number} hours for the {job}, [this is not right|i am angry]",
        "your {food} was cold and the {job} was rude",
    ),
    "praise": (
        "[well done|bravo], the {food} of {name} was wonderful",
        "the {job} in {town} [did great work|helped me so kindly]",
        "[what a|such a] lovely {furniture}, thanks to {name}",
    ),
    "request": (
        "please send me {number} {colour} [cards|boxes|labels] by {day}",
        "[could you|would you] [lend|bring] me the {tool} of {name}",
        "please [open|close|clean] the {room} {when}",
    ),
    "order": (
        "i [order|will buy|take] {number} kilos of {vegetable} and some {drink}",
        "[one|two] {clothing} in {colour} to {town}, and i pay by card",
        "[put me down for|i buy] a~{furniture} of {material}",
    ),
    "cancellation": (
        "i no longer want the {furniture}, [stop|cancel] it before {day}",
        "[we cannot come|please cancel our visit] to {town} on {day}",
        "[end|stop] my {sport} course in {month}",
    ),
    "lost item": (
        "i [left|lost|forgot] my {colour} {object} in the {vehicle} {when}",
        "has anyone found a~{quality} {clothing} at the {place}",
        "my {object} is gone since {day}, it was {where}",
    ),
    "opening hours": (
        "[until when|at what hour] is the {place} open on {day}",
        "is the {place} of {town} closed in {month}",
        "when do you open the {place} {when}",
    ),
    "greeting": (
        "[hello|good morning|good evening] {name}, [nice to see you|how are you]",
        "[hi|welcome] to {town}, dear {name} and {name}",
        "good {day} to all from {name} the {job}",
    ),
}
KINDS: Forms = {
    kind: ("{" + kind + "}",)
    for kind in [
        "animal",
        "fruit",
        "vegetable",
        "colour",
        "furniture",
        "clothing",
        "job",
        "vehicle",
        "sport",
        "instrument",
        "tree",
        "month",
        "room",
        "device",
    ]
}
FAMILIES = (TOPICS, TOPICS, MOODS, ACTS, ACTS, KINDS)
