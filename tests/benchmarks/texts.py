"""What the benchmarks read: plain sentences, a long text, a text of a stated number of tokens."""

SENTENCES = (
    "The museum opens at nine in the morning.",
    "My sister bought a red bicycle last week.",
    "I would like a cup of coffee, please.",
    "The train to Lyon leaves from platform four.",
    "He forgot his umbrella on the bus.",
    "This movie is fantastic and the actors are brilliant.",
    "The food was cold and the waiter was rude.",
    "We are going to the beach with our friends tomorrow.",
    "A black dog is running across the field.",
    "She has been learning the piano for three years.",
    "The children are playing in the garden behind the house.",
    "It is raining, so we will stay at home today.",
    "The old man reads the newspaper in the park every day.",
    "Do you know where the nearest pharmacy is?",
    "The teacher explained the lesson once more.",
    "They sold their house and moved to a small village.",
    "I have never seen such a beautiful sunset.",
    "Two women are walking along the river.",
    "The company hired twenty new engineers this year.",
    "Please close the window before you leave.",
    "The soup is too hot to eat.",
    "He wants to become a doctor when he grows up.",
    "The book that you gave me is very interesting.",
    "Our neighbours have a large white cat.",
    "The meeting was cancelled because nobody came.",
    "You should drink more water during the day.",
    "A man in a blue shirt is climbing a wall.",
    "The price of bread has gone up again.",
    "She opened the letter and began to cry.",
    "The shop was closed, so I went back home.",
    "What a waste of time and money.",
    "The sun rises in the east and sets in the west.",
)
QUESTIONS = tuple((f"What does the sentence say about {sentence.split()[1].strip(',.')}?", sentence) for sentence in SENTENCES)
PROMPT = "Once upon a time, in a small village by the sea, there lived"

_WORDS = "the old man read a long book about the sea and the wind while rain fell on the small town near the river"


def long_text(characters: int) -> str:
    """English prose of exactly that many characters."""
    once = " ".join(SENTENCES) + "\n"
    return (once * (characters // len(once) + 1))[:characters]


def words(count: int) -> str:
    """`count` words, each one token in MiniLM's vocabulary."""
    known = _WORDS.split()
    return " ".join(known[i % len(known)] for i in range(count))
