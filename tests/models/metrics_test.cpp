// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/json.hpp"
#include "models/metrics.hpp"
#include "tests/errors.hpp"
#include "tests/models/blobs.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace fugato;

namespace {

using numbers = std::vector<std::uint32_t>;

// No row is metal, one is taken for it.
const std::vector<std::string> labels{"blues", "classical", "jazz", "metal", "rock"};
const numbers truth{0, 1, 1, 2, 2, 0, 4, 1, 2, 4, 0, 2};
const std::vector<float> probabilities{
    .5F,  .2F,  .1F,  .1F,  .1F,  //
    .1F,  .6F,  .1F,  .1F,  .1F,  //
    .3F,  .3F,  .2F,  .1F,  .1F,  // a tie: the lower class is predicted
    .05F, .05F, .8F,  .05F, .05F, //
    .1F,  .1F,  .2F,  .1F,  .5F,  //
    .25F, .2F,  .15F, .3F,  .1F,  //
    0,    0,    0,    0,    1,    //
    .5F,  .1F,  .2F,  .15F, .05F, // the truth is fourth
    .1F,  .2F,  .4F,  .2F,  .1F,  //
    .2F,  .3F,  .1F,  .1F,  .3F,  //
    .15F, .05F, .05F, .05F, .7F,  //
    .3F,  .25F, .2F,  .15F, .1F,
};

} // namespace

TEST_CASE("scores are those of scikit-learn with zero_division = 0") {
  const evaluation x = evaluate(truth, probabilities, labels);
  // scikit-learn 1.2.1
  const double precision[] = {0.25, 0.5, 1, 0, 1 / 3.};
  const double recall[] = {1 / 3., 1 / 3., 0.5, 0, 0.5};
  const double f1[] = {2 / 7., 0.4, 2 / 3., 0, 0.4};
  const numbers support{3, 3, 4, 0, 2};
  const numbers predicted{4, 2, 2, 1, 3};
  REQUIRE(x.classes.size() == 5);
  for (std::size_t k = 0; k < 5; ++k) {
    CHECK(x.classes[k].label == labels[k]);
    CHECK(x.classes[k].precision == doctest::Approx(precision[k]).epsilon(1e-12));
    CHECK(x.classes[k].recall == doctest::Approx(recall[k]).epsilon(1e-12));
    CHECK(x.classes[k].f1 == doctest::Approx(f1[k]).epsilon(1e-12));
    CHECK(x.classes[k].support == support[k]);
    CHECK(x.classes[k].predicted == predicted[k]);
  }
  CHECK(x.rows == 12);
  CHECK(x.accuracy == doctest::Approx(5 / 12.).epsilon(1e-12));
  CHECK(x.macro.precision == doctest::Approx(0.416666666667).epsilon(1e-11));
  CHECK(x.macro.recall == doctest::Approx(0.333333333333).epsilon(1e-11));
  CHECK(x.macro.f1 == doctest::Approx(0.350476190476).epsilon(1e-11));
  CHECK(x.weighted.precision == doctest::Approx(0.576388888889).epsilon(1e-11));
  CHECK(x.weighted.recall == doctest::Approx(0.416666666667).epsilon(1e-11));
  CHECK(x.weighted.f1 == doctest::Approx(0.460317460317).epsilon(1e-11));
  CHECK(x.log_loss == doctest::Approx(1.1296856918967515).epsilon(1e-6)); // float32 sums there, double here
  CHECK(x.top3 == doctest::Approx(11 / 12.).epsilon(1e-12));
}

TEST_CASE("the confusion matrix has a row for each true class") {
  const evaluation x = evaluate(truth, probabilities, labels);
  CHECK(x.confusion[0].label == "blues");
  CHECK(x.confusion[0].counts == numbers{1, 0, 0, 1, 1});
  CHECK(x.confusion[1].counts == numbers{2, 1, 0, 0, 0});
  CHECK(x.confusion[2].counts == numbers{1, 0, 2, 0, 1});
  CHECK(x.confusion[3].counts == numbers{0, 0, 0, 0, 0});
  CHECK(x.confusion[4].counts == numbers{0, 1, 0, 0, 1});
}

TEST_CASE("the text is scikit-learn's classification_report") {
  const evaluation x = evaluate(truth, probabilities, labels);
  // scikit-learn 1.2.1
  CHECK(classification_report(x) == "              precision    recall  f1-score   support\n\n"
                                    "       blues     0.2500    0.3333    0.2857         3\n"
                                    "   classical     0.5000    0.3333    0.4000         3\n"
                                    "        jazz     1.0000    0.5000    0.6667         4\n"
                                    "       metal     0.0000    0.0000    0.0000         0\n"
                                    "        rock     0.3333    0.5000    0.4000         2\n\n"
                                    "    accuracy                         0.4167        12\n"
                                    "   macro avg     0.4167    0.3333    0.3505        12\n"
                                    "weighted avg     0.5764    0.4167    0.4603        12\n");
  const std::string two_digits = classification_report(x, 2);
  CHECK(two_digits.find("    accuracy                           0.42        12\n") != std::string::npos);
  CHECK(two_digits.find("       blues       0.25      0.33      0.29         3\n") != std::string::npos);
}

TEST_CASE("long class names widen the text, classes that do not occur are left out of text and means") {
  const evaluation x =
      evaluate(numbers{0, 2}, std::vector<float>{1, 0, 0, 0, 0, 1}, {"a genre with a long name", "none", "pop"});
  CHECK(x.macro.f1 == 1);
  CHECK(classification_report(x, 3) == "                          precision    recall  f1-score   support\n\n"
                                       "a genre with a long name      1.000     1.000     1.000         1\n"
                                       "                     pop      1.000     1.000     1.000         1\n\n"
                                       "                accuracy                          1.000         2\n"
                                       "               macro avg      1.000     1.000     1.000         2\n"
                                       "            weighted avg      1.000     1.000     1.000         2\n");
}

TEST_CASE("the accuracy has an interval, wider where the rows are of few tracks") {
  const evaluation single = evaluate(truth, probabilities, labels);
  CHECK(single.accuracy_interval.low < single.accuracy);
  CHECK(single.accuracy_interval.high > single.accuracy);
  CHECK(evaluate(truth, probabilities, labels, numbers(12, 5)).accuracy_interval.high == single.accuracy);

  // numpy 1.24: hits 1 0 1 1 1 0 1 1 0 1, d = RandomState(0).randint(10, size=(1000, 10)),
  // percentile(hits[d].mean(1), [2.5, 97.5])
  std::vector<float> answers;
  for (const int hit : {1, 0, 1, 1, 1, 0, 1, 1, 0, 1})
    answers.insert(answers.end(), {hit == 1 ? 0.0F : 1.0F, hit == 1 ? 1.0F : 0.0F});
  const interval x = evaluate(numbers(10, 1), answers, {"a", "b"}).accuracy_interval;
  CHECK(x.low == doctest::Approx(0.4).epsilon(1e-12));
  CHECK(x.high == doctest::Approx(1.0).epsilon(1e-12));
}

TEST_CASE("a certain but wrong prediction costs a finite log loss") {
  const evaluation x = evaluate(numbers{1}, std::vector<float>{1, 0}, {"a", "b"});
  CHECK(x.log_loss == doctest::Approx(-std::log(0x1p-23)).epsilon(1e-6));
}

TEST_CASE("nothing to evaluate gives zeros") {
  const evaluation x = evaluate(numbers{}, std::vector<float>{}, {"a", "b"});
  CHECK(x.rows == 0);
  CHECK(x.accuracy == 0);
  CHECK(x.macro.f1 == 0);
  CHECK(x.log_loss == 0);
}

TEST_CASE("probabilities that do not fit the rows are refused") {
  CHECK(sentence(errc::internal, [] {
          evaluate(numbers{0}, std::vector<float>{1}, {"a", "b"});
        }) == "1 rows of 2 classes need as many probabilities, found 1");
}

TEST_CASE("an evaluation reads back from JSON") {
  evaluation back;
  read_json(to_json(evaluate(truth, probabilities, labels)), {"e.json", ""}, description_of(back));
  CHECK(back.accuracy == evaluate(truth, probabilities, labels).accuracy);
  CHECK(back.classes.at(4).label == "rock");
  CHECK(back.confusion.at(2).counts == numbers{1, 0, 2, 0, 1});
}

TEST_CASE("a track's probabilities are the mean over its rows") {
  const numbers tracks{7, 2, 7, 7};
  const std::vector<float> rows{.9F, .1F, .2F, .8F, .4F, .6F, .2F, .8F};
  const track_votes votes = track_probabilities(tracks, rows, 2);
  CHECK(votes.tracks == numbers{2, 7});
  REQUIRE(votes.probabilities.size() == 4);
  CHECK(votes.probabilities[0] == .2F);
  CHECK(votes.probabilities[1] == .8F);
  CHECK(votes.probabilities[2] == doctest::Approx(.5));
  CHECK(votes.probabilities[3] == doctest::Approx(.5));
}

TEST_CASE("a track has the label of its rows, which must agree") {
  dataset t = blobs({.classes = 2, .tracks_per_class = 2, .chunks = 2});
  CHECK(track_labels(t) == numbers{0, 0, 1, 1});
  t.labels[1] = 1;
  CHECK(sentence(errc::bad_table, [&] { track_labels(t); }) ==
        "all rows of a track must have the same label, but 'genre0.0.wav' has 'genre0' and 'genre1'");
}
