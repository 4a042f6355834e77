import json, os, retailcrm
client = retailcrm.v5(os.environ['BENCH_URL'], 'k')
with open(os.environ['BENCH_FILE'], 'w') as out:
    page = 1
    while True:
        answer = client.orders({}, 100, page).get_response()
        for order in answer['orders']:
            out.write(json.dumps(order, ensure_ascii=False) + '\n')
        if page >= answer['pagination']['totalPageCount']:
            break
        page += 1
