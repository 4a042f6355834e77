#!/bin/sh
# Sets every fault of the sandbox, and reads back what it did. ADMIN, CRM and KEY are in the environment.
set -eu
api() { m=$1 p=$2; shift 2; curl -sSf -X "$m" -H 'Content-Type: application/json' "$ADMIN/api/$p" "$@"; }
number() { sed "s/.*\"$1\":\([0-9]*\).*/\1/"; }
orders() { api GET state | sed 's/.*"retailcrm"://' | number orders; }
create() {
  curl -sS -m 1 -o /dev/null -w '%{http_code}' -H "X-API-KEY: $KEY" \
    --data-urlencode "order={\"number\":\"$1\"}" "$CRM/api/v5/orders/create" 2>/dev/null || true
}
expect() { [ "$2" = "$3" ] || { echo "$1 is $2, not $3" >&2; exit 1; }; }

last=0
for kind in $(api GET faults/kinds | grep -o '"kind":"[a-z_]*"' | cut -d'"' -f4); do
  more='' code=201 effect=1
  case $kind in
    latency) more=',"latency":{"fixed_ms":20}' ;;
    unavailable) code=503 effect=0 ;;
    status) more=',"status":418' code=418 effect=0 ;;
    reset_before_commit) code=000 effect=0 ;;
    reset_* | stall) code=000 ;;
    html) code=200 ;;
    lost_callback) # Of webhooks: the next one is lost, and can be sent again.
      api POST faults -d '{"service":"retailcrm","kind":"lost_callback"}' >/dev/null
      hook='{"service":"retailcrm","event":"activity","url":"http://127.0.0.1:1/","body":{"clientId":"c"}}'
      id=$(api POST webhooks -d "$hook" | number id)
      expect "$kind" "$(api GET 'wait?for=webhook' | grep -o '"state":"[a-z]*"')" '"state":"lost"'
      api POST "webhooks/$id/resend" >/dev/null
      continue ;;
  esac
  before=$(orders)
  id=$(api POST faults -d "{\"service\":\"retailcrm\",\"kind\":\"$kind\",\"operation\":\"orders.create\"$more}" | number id)
  expect "$kind: the status" "$(create "$kind")" "$code"
  last=$(api GET "wait?for=request&operation=orders.create&after=$last" | number id)
  expect "$kind: the fault in the journal" "$(api GET "requests/$last" | grep -c "\"fault\":\"$kind\"")" 1
  # After a reset during the commit the effect lands a moment later.
  until [ "$(api GET "requests/$last" | grep -c "\"processed\":true")" = "$effect" ]; do :; done
  expect "$kind: the orders" "$(orders)" $((before + effect))
  expect "$kind: how often it happened" "$(api GET faults | grep -o "\"id\":$id,.*" | number happened)" 1
  api DELETE "faults/$id"
done
