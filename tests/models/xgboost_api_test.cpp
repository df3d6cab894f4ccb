// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/xgboost_api.hpp"

#include "tests/errors.hpp"
#include "tests/models/blobs.hpp"

#include <doctest/doctest.h>

using namespace fugato;
using namespace fugato::xgboost_api;

namespace {

const dataset table = blobs({.noise = 2});
const samples rows{table.width(), table.values, table.labels};

const parameters settings{{"verbosity", "0"}, {"num_class", "3"}, {"objective", "multi:softprob"},
                          {"nthread", "1"},   {"seed", "5"},      {"tree_method", "hist"}};

parameters with(std::initializer_list<parameters::value_type> more) {
  parameters result = settings;
  result.insert(result.end(), more);
  return result;
}

bool go_on(booster&, std::uint32_t) { return true; }

} // namespace

TEST_CASE("boosting that is taken up again from a saved model ends where it would have ended") {
  const matrix data(rows, 1);
  const std::string whole = boost({data, settings, 8}, go_on)->to_json();
  const matrix other(rows, 1);
  const std::string half = boost({other, settings, 3}, go_on)->to_json();
  CHECK((half != whole)); // too long to be printed
  const matrix again(rows, 1);
  boosting job{again, settings, 8};
  job.initial = half;
  std::vector<std::uint32_t> rounds;
  const auto learnt = boost(job, [&](booster&, std::uint32_t done) {
    rounds.push_back(done);
    return true;
  });
  CHECK(rounds == std::vector<std::uint32_t>{3, 4, 5, 6, 7, 8});
  CHECK(learnt->rounds() == 8);
  CHECK((learnt->to_json() == whole));
}

TEST_CASE("what watches each round may save, stop and throw") {
  const matrix data(rows, 1);
  std::vector<std::string> saved;
  const auto learnt = boost({data, settings, 8}, [&](booster& b, std::uint32_t done) {
    if (done > 0)
      saved.push_back(b.to_json());
    return done < 4;
  });
  CHECK(learnt->rounds() == 4);
  REQUIRE(saved.size() == 4);
  CHECK(saved.back() == learnt->to_json());
  const matrix other(rows, 1);
  CHECK(sentence(errc::internal, [&] {
          boost({other, settings, 8}, [](booster&, std::uint32_t done) -> bool {
            if (done == 2)
              throw error(errc::internal, "enough");
            return true;
          });
        }) == "enough");
}

TEST_CASE("values and models that are none are errors of one line") {
  const matrix data(rows, 1);
  const auto refusal = [&](const boosting& job) { return sentence(errc::bad_model, [&] { boost(job, go_on); }); };
  const std::string why = refusal({data, with({{"max_depth", "deep"}}), 1});
  CHECK(why.starts_with("XGBoost says: "));
  CHECK(why.find('\n') == std::string::npos);
  boosting job{data, settings, 1};
  job.initial = "{\"no\": \"model\"}";
  CHECK(refusal(job).starts_with("XGBoost says: "));
}
