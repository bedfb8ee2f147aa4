"""How well each cross-attention layer's mean over heads aligns words: over plain sentences, for French words of a small dictionary,
how often the English word looked at most is the right one. The default in engine/translation/forced_decoding.py was chosen with this.

`python -m tests.engine.alignments` prints the figures of the embedded model.
"""

import sys

import numpy as np

from playground.catalog import find_model
from playground.engine.models import Loaded, load_model
from playground.engine.translation.forced_decoding import reread
from playground.engine.translation.translation import translate
from playground.engine.watch import Watch
from playground.settings import Settings
from playground.tasks.attention.packing import word_numbers
from playground.tasks.translation.forced_decoding import ForcedDecoding, ForcedDecodingRequest, target_words, word_alignment, word_texts
from playground.tasks.translation.translation import TranslationRequest
from tests.benchmarks.texts import SENTENCES

NAMES = (
    "John lives in London with Mary.", "Paul and Anna live in Berlin.", "Peter went to Rome on Monday and to Paris on Tuesday.",
    "The red car is in front of the white house.", "My mother eats a green apple.", "The black cat drinks milk in the garden.",
    "The big dog sleeps under the table.", "His brother has a blue shirt.", "The little girl is playing music with her father.",
    "The boy eats two apples and drinks water.", "A white horse is standing near the tree.",
    "My friend Anna works in a restaurant in Lyon.", "The hotel is near the river.", "She has flowers in her hands.",
    "We are in the city on Saturday.",
    "The old woman gives bread to the birds.", "John, Mary, Paul and Peter are friends.",
    "The book is on the table but the letter is in the car.", "He reads the newspaper in the morning with a cup of coffee.",
    "The green house with the red window is small.",
)  # fmt: skip
# French word, then the English word it is for wherever that stands in the sentence once.
PAIRS = (
    "musée museum,neuf nine,matin morning,sœur sister,rouge red,vélo bicycle,semaine week,café coffee,tasse cup,train train,lyon lyon,"
    "quatre four,parapluie umbrella,bus bus,film movie,acteurs actors,fantastique fantastic,nourriture food,froide cold,plage beach,"
    "amis friends,demain tomorrow,noir black,chien dog,champ field,piano piano,trois three,ans years,enfants children,jardin garden,"
    "maison house,aujourd'hui today,vieil old,homme man,journal newspaper,parc park,jour day,pharmacie pharmacy,professeur teacher,"
    "leçon lesson,petit small,village village,jamais never,soleil sunset,deux two,femmes women,rivière river,entreprise company,"
    "vingt twenty,ingénieurs engineers,année year,fenêtre window,soupe soup,chaude hot,médecin doctor,livre book,intéressant interesting,"
    "voisins neighbours,blanc white,chat cat,réunion meeting,eau water,bleu blue,bleue blue,chemise shirt,mur wall,prix price,pain bread,"
    "lettre letter,magasin shop,argent money,temps time,est east,ouest west,john john,mary mary,marie mary,paul paul,londres london,"
    "paris paris,rome rome,berlin berlin,anna anna,peter peter,pierre peter,avec with,table table,ami friend,ville city,voiture car,"
    "verte green,vert green,fleurs flowers,lundi monday,mardi tuesday,samedi saturday,mère mother,père father,frère brother,pomme apple,"
    "pommes apples,et and,mais but,mon my,ma my,mes my,nous we,je i,il he,elle she,restaurant restaurant,hôtel hotel,musique music,"
    "cheval horse,oiseaux birds,arbre tree,garçon boy,fille girl,dort sleeps,mange eats,boit drinks,lait milk"
)
ENGLISH: dict[str, str] = dict(pair.split() for pair in PAIRS.split(","))


def accuracies(loaded: Loaded) -> dict[int, float]:
    """Share of dictionary words aligned rightly, by layer; the end token is no word."""
    hits: dict[int, list[bool]] = {}
    for text in (*SENTENCES, *NAMES):
        request = TranslationRequest(text, loaded.card.slug)
        (made,) = translate(loaded, [request], Watch())
        (read,) = reread(loaded, [ForcedDecodingRequest(request, 0, made.candidates[0].ids)], Watch())
        for layer in range(len(read.weights)):
            hits.setdefault(layer, []).extend(_hits(read, layer))
    return {layer: float(np.mean(some)) for layer, some in hits.items()}


def _hits(read: ForcedDecoding, layer: int) -> list[bool]:
    numbers, own = word_numbers(read.read), target_words(read.written)
    english = [word.lower() for word in word_texts(read.read, numbers)]
    french = [word.lower() for word in word_texts(read.written, own)]
    weights = word_alignment(read, layer, None, numbers)[:, :-1]  # without the end of the sentence
    wanted = [(i, ENGLISH.get(word, "")) for i, word in enumerate(french) if french.count(word) == 1]
    return [english[int(weights[i].argmax())] == word for i, word in wanted if english.count(word) == 1]


if __name__ == "__main__":
    embedded = load_model(find_model("en-fr"), Settings(device="cpu", hub=False, warm=False), lambda *_: None)
    sys.stdout.write(f"{accuracies(embedded)}\n")
