"""The reader's network: for a question and a passage, a score a sentence, one for "not here", and the answer's span.

The encoder begins as all-MiniLM-L6-v2 and reads ``[CLS] question [SEP] headline [SEP] passage [SEP]`` once. A sentence
is the mean of its tokens' states (after Choi et al., "Coarse-to-Fine Question Answering for Long Documents", ACL 2017,
which scores sentences before it reads them); "not here" is scored from the state of ``[CLS]``, as in Devlin et al.,
"BERT", NAACL 2019, section 4.3. Sentences and "not here" share one softmax, and the sentences of all passages of a
question share another, so that scores can be compared between passages (Clark and Gardner, "Simple and Effective
Multi-Paragraph Reading Comprehension", ACL 2018, section 3.4).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch import Tensor

ABSENT = -1e4
"""The logit of what is not there."""
SHARED_WEIGHT, SPAN_WEIGHT = 0.5, 0.25
"""How much the second softmax and the span weigh beside the first."""


class Scores(NamedTuple):
    """Logits: ``nowhere`` [batch], ``sentences`` [batch, most sentences], ``starts`` and ``ends`` [batch, tokens]."""

    nowhere: Tensor
    sentences: Tensor
    starts: Tensor
    ends: Tensor


class Targets(NamedTuple):
    """What the scores should say.

    ``answering`` [batch, 1 + sentences] marks "not here" or all sentences that answer, any of which may be chosen;
    ``present`` [batch, sentences] marks the sentences there are; ``spans`` [batch, 2] are the answer's first and last
    token, -1 where it is not known; ``mates`` [questions, batch] marks the passages of a question.
    """

    answering: Tensor
    present: Tensor
    spans: Tensor
    mates: Tensor


class ReaderNetwork(torch.nn.Module):
    """Encoder and heads."""

    def __init__(self, encoder: Any) -> None:
        super().__init__()
        size = encoder.config.hidden_size
        self.encoder = encoder
        self.sentence, self.nowhere = _head(size), _head(size)
        self.span = torch.nn.Linear(size, 2)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, types: Tensor, members: Tensor) -> Scores:
        """Scores of a batch; ``members`` [batch, sentences, tokens] is 1 where a token belongs to a sentence."""
        states = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=types
        ).last_hidden_state
        means = (members @ states) / members.sum(-1, keepdim=True).clamp(min=1)
        spans = self.span(states)
        return Scores(self.nowhere(states[:, 0])[:, 0], self.sentence(means)[..., 0], spans[..., 0], spans[..., 1])


def _head(size: int) -> torch.nn.Module:
    return torch.nn.Sequential(torch.nn.Linear(size, size), torch.nn.GELU(), torch.nn.Linear(size, 1))


def loss_of(scores: Scores, targets: Targets) -> Tensor:
    """The mean negative log likelihood of a batch, by passage and by question, and of the answers' spans."""
    sentences = scores.sentences.masked_fill(~targets.present, ABSENT)
    by_passage = _marginal(torch.cat([scores.nowhere[:, None], sentences], 1), targets.answering).mean()
    all_, right = sentences.logsumexp(1), sentences.masked_fill(~targets.answering[:, 1:], ABSENT).logsumexp(1)
    is_answered = (targets.mates & targets.answering[:, 1:].any(1)).any(1)
    by_question = (_over(targets.mates, all_) - _over(targets.mates, right)) * is_answered
    loss = by_passage + SHARED_WEIGHT * by_question.mean()
    known = targets.spans[:, 0] >= 0
    if known.any():
        for side, each in enumerate((scores.starts, scores.ends)):
            loss = loss + SPAN_WEIGHT * torch.nn.functional.cross_entropy(each[known], targets.spans[known, side])
    return loss


def _marginal(logits: Tensor, right: Tensor) -> Tensor:
    return logits.logsumexp(1) - logits.masked_fill(~right, ABSENT).logsumexp(1)


def _over(mates: Tensor, logits: Tensor) -> Tensor:
    return logits[None].masked_fill(~mates, 2 * ABSENT).logsumexp(1)
