$out = fopen(getenv('BENCH_FILE'), 'w');
$curl = curl_init();
for ($page = 1; ; $page++) {
    curl_setopt_array($curl, [
        CURLOPT_URL => getenv('BENCH_URL') . '/api/v5/orders?limit=100&page=' . $page,
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_HTTPHEADER => ['X-API-KEY: k'],
    ]);
    $answer = json_decode(curl_exec($curl), true);
    foreach ($answer['orders'] as $order) {
        fwrite($out, json_encode($order, JSON_UNESCAPED_UNICODE) . "\n");
    }
    if ($page >= $answer['pagination']['totalPageCount']) { break; }
}
fclose($out);
