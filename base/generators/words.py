"""Word lists for the generators: every slot such as {animal} in a phrase is filled from here."""

from __future__ import annotations

_LISTS = {
    "she": """Ada Agnes Alma Amara Anna Anouk Asha Astrid Bea Bella Berta Carla Celia Clara Cora Dalia Daria Dora
        Edda Elena Elsa Emma Erin Esme Eva Fay Fiona Flora Freya Gemma Greta Hana Hattie Hazel Heidi Helen Ida Imani
        Ines Irma Isla Ivy Jana Jasmin Jenny Joan Jun Kaia Karin Katya Kira Lara Leila Lena Lina Lola Lucia Mabel Maja
        Mara Marta Maya Mei Mila Mina Mira Mona Nadia Nell Nina Noor Nora Olga Olive Pia Polly Priya Rana Rosa Ruth
        Sadie Salma Sara Selma Sofia Tara Tess Thea Tilda Uma Vera Wanda Wilma Yara Yuki Zara Zelda Zoe""",
    "he": """Abel Adam Ahmed Alan Albert Amir Anton Arlo Arne Arthur Axel Basil Ben Bilal Boris Bruno Carl Cedric Chen
        Clive Cyril Dan Dario David Dmitri Edgar Edwin Emil Enzo Eric Ethan Felix Finn Frank Fred George Gus Hamid Hans
        Harry Henry Hugo Ian Igor Ivan Jack Jakob Jamal Joel Jonas Joseph Karim Kofi Kurt Lars Leo Liam Linus Louis
        Luca Magnus Marco Mark Martin Max Milo Nico Nils Noah Olaf Omar Oscar Otto Owen Pablo Paul Pedro Peter Quentin
        Rafi Ravi Remy Robin Rolf Ross Rufus Samir Sami Simon Stefan Sven Tariq Ted Theo Tim Tom Umar Victor Walter
        Wim Yusuf Zeno""",
    "family": """Abbot Adler Ames Archer Ash Baker Banks Barlow Beck Bell Berg Birch Bloom Bond Booth Brand Brook Burke
        Carver Castle Chang Clay Cole Cook Cooper Cross Dale Dean Denny Diaz Drake Ellis Falk Farrow Field Finch Fisher
        Flint Ford Forster Fox Frost Gale Garner Gibbs Glover Goodwin Grant Gray Haddad Hale Hart Hayes Heath Hill
        Holm Hood Hopper Hunt Ibsen Jansen Jarvis Joshi Kane Keller Khan King Kirk Knight Kumar Lamb Lane Larsen Leaf
        Lund Marsh Mason Meyer Mills Moss Nash North Novak Oakes Okoro Olsen Page Park Patel Pike Pond Porter Potter
        Price Quinn Reed Rivers Rowe Sato Sharp Shaw Silva Singer Snow Stein Stone Swift Taylor Thorn Vale Vance Wade
        Walker Ward Webb Wells West Winter Wolf Wood Wren York Young Zeller""",
    "town": """Alderby Amberton Ashford Barrow Beckwell Birchley Blackwater Bramton Bridgend Brightsea Carlow Castleton
        Clearwater Cliffside Coldbrook Copperhill Dalby Deepwell Dunmore Eastbridge Elmwick Fairhaven Farley Fernhill
        Foxton Glenmore Goldcrest Greenfield Halden Harbury Hartwell Hazelmere Highmoor Hillcrest Hollow Ironbridge
        Kestrel Kingsley Lakeside Larkfield Leafton Limewood Longford Marlow Meadowvale Millbrook Moorgate Newhaven
        Northway Oakridge Oldport Orchard Pinewood Plumstead Ravensby Redcliff Riverton Rosebank Saltmarsh Sandhurst
        Seaford Silverton Southgate Springdale Stonebridge Summerhill Sunbury Thornbury Underhill Valley Wakefield
        Westbrook Whitecliff Wildwood Willowby Windermoor Woodford Yarrow""",
    "animal": """ant badger bat bear beaver bee beetle bird bull butterfly camel cat chicken cow crab crow deer dog dolphin
        donkey dove duck eagle eel elephant elk falcon ferret fish fly fox frog gecko giraffe goat goose hamster hare
        hawk hedgehog hen heron horse kitten lamb lion lizard llama lobster magpie mole monkey moose moth mouse mule
        newt octopus otter owl ox panda parrot peacock penguin pig pigeon pony puppy rabbit rat raven robin salmon seal
        shark sheep shrimp skunk snail snake sparrow spider squirrel swan tiger toad tortoise trout turkey turtle
        walrus wasp weasel whale wolf worm yak zebra""",
    "fruit": """apple apricot banana blackberry blueberry cherry coconut date fig grape grapefruit kiwi lemon lime mango
        melon nectarine olive orange papaya peach pear pineapple plum quince raspberry strawberry tangerine""",
    "vegetable": """artichoke asparagus aubergine bean beetroot broccoli cabbage carrot cauliflower celery cucumber
        garlic kale leek lentil lettuce mushroom onion parsnip pea pepper potato pumpkin radish shallot spinach
        tomato turnip""",
    "food": """bread butter cake cheese biscuit cereal cream curry dumpling flour ham honey jam muesli muffin noodle nut
        oat omelette pancake pasta pastry pie pizza popcorn porridge pudding rice roll salad sandwich sauce sausage
        soup stew sugar syrup tart toast waffle yoghurt""",
    "drink": """tea coffee milk water lemonade cocoa cider juice cordial soda broth smoothie buttermilk""",
    "colour": """red blue green yellow orange purple pink brown black white grey silver golden beige turquoise
        violet scarlet cream navy crimson""",
    "size": """tiny small little short long tall wide narrow big large huge heavy light thin thick round square flat""",
    "material": """wood metal glass paper plastic cotton wool leather stone clay rubber silk steel copper brass tin
        cork straw bamboo linen felt wax marble iron""",
    "furniture": """armchair bed bench bookcase cabinet chair chest cot couch cradle cupboard desk drawer dresser
        footstool hammock lamp locker mattress mirror rack rug shelf sideboard sofa stool table trunk wardrobe""",
    "room": """attic balcony basement bathroom bedroom cellar corridor garage garden hall kitchen larder laundry library
        lounge nursery office pantry porch shed stairs storeroom studio study terrace workshop yard greenhouse""",
    "tool": """axe brush bucket broom chisel clamp crowbar drill file fork funnel hammer hoe hose iron jack knife ladder
        level mallet mop needle nail pliers pump rake rope ruler sander saw scissors scraper screw screwdriver shovel
        sieve spade spanner sponge tape torch trowel tweezers vice wheelbarrow wrench""",
    "clothing": """apron belt blouse boot bracelet cap cardigan cloak coat dress glove gown hat hood jacket jumper kilt
        mitten necktie pyjamas ring robe sandal scarf shawl shirt shoe skirt slipper sock suit sweater tie trousers
        tunic veil vest waistcoat""",
    "job": """actor artist baker barber builder butcher captain carpenter cashier chef cleaner clerk coach cook dancer
        dentist doctor driver editor electrician engineer farmer fisher florist gardener glazier grocer guard guide
        hairdresser janitor jeweller joiner judge lawyer librarian locksmith manager mason mechanic miller miner
        musician nurse optician painter pharmacist photographer pilot plumber poet porter potter printer reporter
        roofer sailor scientist sculptor secretary shepherd singer soldier surgeon tailor teacher tiler trainer vet
        waiter watchmaker weaver welder writer""",
    "vehicle": """bicycle boat bus canoe car cart coach ferry glider helicopter lorry minibus moped motorbike plane raft
        rocket sailboat scooter ship sled submarine taxi tractor trailer train tram truck van wagon yacht""",
    "place": """airport bakery bank barn bay beach bridge bus-stop cafe camp canal castle cave chapel church cinema circus
        clinic cottage factory farm field forest fountain gallery garden gym harbour hill hospital hostel hotel hut
        island lake library lighthouse market meadow mill mine monument museum palace park pier playground pond pool
        port prison quarry ranch restaurant river road school seaside shop shore square stable stadium station street
        temple theatre tower town-hall tunnel university valley village vineyard wharf windmill woods zoo""",
    "weather": """rain snow fog wind sunshine frost hail thunder drizzle mist ice sleet storm heat breeze clouds""",
    "sport": """archery athletics badminton baseball basketball bowling boxing canoeing chess climbing cricket cycling
        diving fencing football golf gymnastics handball hiking hockey judo karate netball rowing rugby running sailing
        skating skiing surfing swimming tennis volleyball wrestling yoga""",
    "instrument": """accordion bagpipe banjo bell cello clarinet cymbal drum fiddle flute guitar harmonica harp horn lute
        mandolin oboe organ piano recorder saxophone tambourine triangle trombone trumpet tuba ukulele viola violin
        whistle xylophone""",
    "device": """adapter alarm battery cable calculator camera charger clock computer earphone fan headset heater keyboard
        kettle laptop microphone microwave modem monitor mouse oven phone plug printer projector radio remote router
        scanner screen sensor socket speaker switch tablet telephone television thermometer timer toaster torch
        webcam""",
    "thing": """album almanac anchor arrow badge bag ball balloon banner barrel basket bead bell blanket book bottle
        bowl box bracelet brick bucket button candle candlestick card carpet case chain chalk chart clay cloth coin
        comb compass cord cork crate crayon crown cup curtain cushion dice dish doll envelope eraser feather flag
        flask folder frame game gift glass globe glue hammock handle hinge hook horseshoe jar jigsaw jug kettle key
        kite knot label lantern letter lid lock locket magnet map marble mask mat medal mug napkin necklace net
        notebook paintbrush pan parcel pebble pen pencil photo picture pillow pin pipe plank plate pocket poster pot
        puppet purse puzzle quilt rattle ribbon ring rope rucksack saddle sail saucer scroll seed shell shield
        spoon spring stamp stick sticker stone string suitcase sundial sword tablecloth teapot telescope tent
        thimble ticket tile toy tray trophy trumpet tube umbrella urn vase wallet watch wheel whistle wreath""",
    "plant": """aloe basil cactus chive clover cress daffodil daisy dill fern geranium heather ivy jasmine lavender
        lily marigold mint moss nettle orchid oregano pansy parsley poppy primrose rose rosemary sage snowdrop
        sunflower thistle thyme tulip""",
    "tree": """alder ash beech birch cedar cypress elder elm fir hawthorn hazel holly larch lime linden maple oak palm
        pine poplar rowan spruce walnut willow yew""",
    "relative": """cousin neighbour friend classmate colleague teacher partner guest boss helper visitor teammate""",
    "feeling": """happy sad proud tired angry calm curious afraid glad nervous lonely excited bored hopeful surprised
        worried grateful jealous cheerful puzzled shy brave sorry content ashamed eager hungry thirsty sleepy""",
    "quality": """old new clean dirty broken bright dark soft hard smooth rough warm cold dry wet empty full cheap
        expensive simple strange pretty ugly quiet loud sharp blunt strong weak fresh rusty dusty shiny plain fine
        lovely useful sturdy fragile famous hidden wooden painted folded torn striped spotted curved crooked polished
        faded""",
    "adverb": """slowly quickly quietly carefully gently happily sadly proudly bravely neatly suddenly softly loudly
        politely calmly eagerly lazily patiently secretly firmly kindly nervously cheerfully gladly gracefully
        honestly clumsily wisely""",
    "did": """found bought cleaned painted mended carried hid borrowed packed washed dropped wanted kept showed sold
        forgot lifted wrapped polished admired copied drew held pushed pulled repaired covered touched weighed
        dragged fetched inspected""",
    "went": """walked ran drove hurried cycled strolled marched went travelled rode climbed wandered rushed returned
        crept limped skipped headed sailed""",
    "day": """Monday Tuesday Wednesday Thursday Friday Saturday Sunday""",
    "month": """January February March April May June July August September October November December""",
    "subject": """history music science geography art maths biology chemistry physics cooking sewing drama poetry
        pottery drawing spelling grammar astronomy carpentry gardening""",
    "message_word": """account address amount answer bill booking call contract copy cost customer date delay
        delivery device document error fault fee file form internet invoice link mailbox message minute network note
        number offer order page password payment plan price problem queue reason receipt refund repair reply request
        sender service setting signal staff step system text update website week""",
    "computer_word": """antenna app backup browser button byte camera chip code cursor data disk download email
        folder icon image inbox keyboard key-pad login memory menu modem pixel plug port program router screen server
        sim software sound spam storage tab upload username video virus voicemail wifi window wire""",
}

PHRASES = {
    "when": """early in the morning; late at night; after lunch; before breakfast; at noon; at midnight; after school;
        before dinner; at dawn; at sunset; in the afternoon; in the evening; last week; two days later; the next day;
        one morning; that night; after a while; before long; at last; an hour later; the same evening; in spring;
        in summer; in autumn; in winter; on a rainy day; on a cold day; on a sunny day; during the holidays; at noon
        sharp; after work; by chance; a month ago; last year; at the weekend; in the end; some time later""",
    "where": """under the stairs; behind the door; near the window; next to the gate; on the top shelf; by the road;
        beside the fire; in a corner; on the roof; at the back; in front of the house; between two trees; across the
        street; above the stove; below the bridge; inside the shed; around the corner; on the left; on the right;
        in the middle; at the end of the lane; close to the river; outside the wall; at the top of the hill""",
    "because": """it was raining; the road was closed; the shop was shut; nobody else was at home; the bus was late;
        it was a birthday; the old one was broken; there was no time; it was far too dark; the wind was strong; a
        friend had asked; the price was low; the light had gone out; the lift was out of order; a guest was coming;
        the children were asleep; the tap was dripping; the milk had gone sour; the train left early; winter was near;
        the roof was leaking; the dog was barking; the key did not fit; the map was wrong; the music was too loud""",
    "hobby": """reading old maps; baking bread; painting boats; collecting stamps; growing roses; fixing clocks; singing
        in a choir; playing chess; walking in the hills; knitting socks; watching birds; making pots; taking photos;
        riding horses; writing poems; swimming in the lake; keeping bees; cooking soup; building models; dancing;
        learning languages; looking at the stars; fishing at dawn; telling jokes; drawing faces; folding paper""",
    "container": """box; basket; bag; drawer; cupboard; chest; jar; bucket; suitcase; trunk; pocket; crate; barrel; tin;
        sack; bowl; tray; locker; parcel; rucksack""",
    "thanks": """thank you; thanks; many thanks; thank you so much; thanks a lot; with thanks; much obliged""",
}

WORDS: dict[str, tuple[str, ...]] = {
    **{name: tuple(text.split()) for name, text in _LISTS.items()},
    **{name: tuple(" ".join(one.split()) for one in text.split(";")) for name, text in PHRASES.items()},
}
WORDS["name"] = WORDS["she"] + WORDS["he"]
WORDS["object"] = tuple(
    sorted({*WORDS["thing"], *WORDS["tool"], *WORDS["clothing"]} - {"scissors", "trousers", "pyjamas"})
)
WORDS["edible"] = WORDS["fruit"] + WORDS["vegetable"] + WORDS["food"]
NOUN_KINDS = (
    "animal",
    "fruit",
    "vegetable",
    "colour",
    "furniture",
    "tool",
    "clothing",
    "job",
    "vehicle",
    "sport",
    "instrument",
    "tree",
    "device",
    "town",
    "plant",
    "month",
    "day",
    "room",
    "drink",
    "material",
)
WORDS["noun"] = tuple(
    sorted({word for kind in NOUN_KINDS[:13] for word in WORDS[kind]} | set(WORDS["thing"]))
)
WORDS["any"] = tuple(
    sorted(
        {
            *WORDS["noun"],
            *WORDS["message_word"],
            *WORDS["computer_word"],
            *WORDS["quality"],
            *WORDS["place"],
            *WORDS["food"],
            *WORDS["plant"],
        }
    )
)
