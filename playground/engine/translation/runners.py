"""The runners of this room, one a request type. Imports torch."""

from playground.engine.rooms import Runners
from playground.engine.translation import document, forced_decoding, translation
from playground.tasks.translation.document import DocumentRequest
from playground.tasks.translation.forced_decoding import ForcedDecodingRequest
from playground.tasks.translation.translation import TranslationRequest

RUNNERS: Runners = {
    TranslationRequest: translation.translate,
    DocumentRequest: document.translate_documents,
    ForcedDecodingRequest: forced_decoding.reread,
}
