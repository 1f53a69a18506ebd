#!/usr/bin/env bash
# Takes pictures of reports as a browser shows them, at two widths, light and dark, and checks that no page is wider than its window.
#
#   tests/report-screenshots.sh [REPORT.html…]        without arguments: the report of a small sample, trained for it
#
# Needs chromium (Debian: apt-get install chromium) and, without arguments, the .NET SDK. Where chromium is absent it says so and does nothing.
set -euo pipefail

browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [ -z "$browser" ]; then
  echo "skipped: needs chromium (Debian: apt-get install chromium)"
  exit 0
fi

root=$(cd "$(dirname "$0")/.." && pwd)
folder=$(mktemp -d "${TMPDIR:-/tmp}/disttrain-report.XXXXXX")
height=${HEIGHT:-6000}

if [ $# = 0 ]; then
  dotnet run -c Release --project "$root/src/Cli" -- train sample:preferences,rows=20000 --out "$folder/run" > "$folder/train.txt"
  set -- "$folder/run/report.html"
fi

browse() { # width, other arguments…
  local width=$1
  shift
  timeout 120 "$browser" --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$folder/profile" --window-size="$width,$height" "$@" 2>> "$folder/browser.log"
}

failures=0
for report in "$@"; do
  name=$(basename "$(dirname "$(realpath "$report")")")
  # The page itself runs nothing: its copy without the policy tells a frame of the wanted width how wide it is.
  sed -e '/http-equiv="Content-Security-Policy"/d' \
      -e 's|</html>|<script>parent.postMessage(`${document.documentElement.scrollWidth} of ${document.documentElement.clientWidth}`, "*")</script></html>|' \
      "$report" > "$folder/measured.html"
  for width in 1280 390; do
    for scheme in light dark; do
      picture="$folder/$name-$width-$scheme.png"
      browse "$width" --blink-settings=preferredColorScheme=$([ $scheme = dark ] && echo 0 || echo 1) --screenshot="$picture" "file://$(realpath "$report")"
      echo "$picture"
    done
    echo "<title></title><script>onmessage = told => document.title = told.data</script><iframe src=measured.html width=$width height=900></iframe>" > "$folder/frame.html"
    told=$(browse 1400 --virtual-time-budget=5000 --dump-dom "file://$folder/frame.html" | grep -o '<title>[^<]*' | cut -c8-)
    if [ -z "$told" ] || [ "${told% of *}" -gt "${told#* of }" ]; then
      echo "$name is wider than its window of $width: ${told:-not measured}"
      failures=$((failures + 1))
    fi
  done
done
rm -rf "$folder/measured.html" "$folder/frame.html" "$folder/profile"
[ $failures = 0 ]
