"""The runners of this room, one a request type. Imports torch."""

from playground.engine.learn import fresh_head, issues
from playground.engine.rooms import Runners
from playground.tasks.learn.fresh_head import FreshHeadRequest
from playground.tasks.learn.issues import IssueRequest

RUNNERS: Runners = {
    FreshHeadRequest: fresh_head.classify_fresh,
    IssueRequest: issues.provoke,
}
