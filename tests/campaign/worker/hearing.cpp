#include "../../../src/campaign/worker/hearing.hpp"

#include "catch.hpp"

using namespace fieldscan::campaign;
using Verdict = Hearing::Verdict;

namespace {

/// What a worker concludes, second by second, up to a time; the last thing but `fine`, and when.
struct Said {
  Verdict verdict = Verdict::fine;
  double when = 0;
  int times = 0;
};
Said listen(Hearing& hearing, double from, double until, bool busy) {
  Said said;
  for (double now = from; now <= until; now += 1)
    if (const Verdict verdict = hearing.look(now, busy); verdict != Verdict::fine) {
      said = {verdict, now, said.times + 1};
      if (verdict == Verdict::leave) break;
    }
  return said;
}

}  // namespace

TEST_CASE("without a deadline nobody leaves, however long rank 0 is silent; who computes says it once", "[hearing]") {
  Hearing idle({}), busy({});
  CHECK(listen(idle, 0, 1e5, false).times == 0);
  const Said said = listen(busy, 0, 1e5, true);
  CHECK(said.times == 1);
  CHECK(said.verdict == Verdict::say);
  CHECK(said.when == 600);
  // Heard again, and silent again: said again.
  busy.hear(1e5);
  CHECK(listen(busy, 1e5 + 1, 1e5 + 500, true).times == 0);
  CHECK(listen(busy, 1e5 + 501, 1e5 + 5000, true).times == 1);
}

TEST_CASE("a silent rank 0 is left ten minutes after the deadline, and not before", "[hearing]") {
  Hearing early(1000.0);
  CHECK(listen(early, 0, 1599, false).times == 0);
  CHECK(listen(early, 1600, 1600, false).verdict == Verdict::leave);
  // A word after the deadline: ten minutes from then.
  Hearing late(1000.0);
  listen(late, 0, 1500, true);
  late.hear(1500);
  const Said said = listen(late, 1501, 9999, true);
  CHECK(said.verdict == Verdict::leave);
  CHECK(said.when == 2100);
}

TEST_CASE("a rank 0 that speaks now and then is never left", "[hearing]") {
  Hearing hearing(100.0);
  for (double now = 0; now < 20000; now += 500) {
    hearing.hear(now);
    CHECK(listen(hearing, now, now + 499, true).times == 0);
  }
}

TEST_CASE("time in which the worker itself was suspended says nothing of rank 0", "[hearing]") {
  Hearing hearing(1000.0);
  listen(hearing, 0, 900, false);
  // A night of suspension, with rank 0 and all others.
  CHECK(hearing.look(40000, false) == Verdict::fine);
  CHECK(listen(hearing, 40001, 40001 + 690, false).times == 0);
  CHECK(listen(hearing, 40692, 40710, false).verdict == Verdict::leave);
}
