<?php
// Canonical form and signature as the document's PHP function makes them. Reads a JSON object per
// line: {"dialect","secret","path","method","pairs":[[key,value],…]} or, in place of pairs, "body" or
// "received", the urlencoded text of a form that a server reads; writes the canonical form in hex and the signature.

// The number a text starts with, or null; integers stay integers. Arithmetic reads a text as the
// old comparison did.
function leading_number(string $text): int|float|null
{
    try {
        return @($text + 0);
    } catch (TypeError) {
        return null;
    }
}

// ksort's comparison in PHP 7 to 8.1: an integer key meets the number a text key starts with, or 0.
function compare_keys_php7(int|string $a, int|string $b): int
{
    if (is_int($a) === is_int($b)) {
        return $a <=> $b;
    }
    return is_int($a) ? $a <=> (leading_number($b) ?? 0) : (leading_number($a) ?? 0) <=> $b;
}

function canonical(string $dialect, array $payload): string
{
    switch ($dialect) {
        case 'php':
            ksort($payload);
            return http_build_query($payload);
        case 'php81':
            uksort($payload, 'compare_keys_php7');
            return http_build_query($payload);
        case 'prose':
            ksort($payload, SORT_STRING);
            $pairs = [];
            foreach ($payload as $key => $value) {
                $pairs[] = urlencode((string) $key) . '=' . urlencode((string) $value);
            }
            return implode('&', $pairs);
    }
    throw new InvalidArgumentException($dialect);
}

while (($line = fgets(STDIN)) !== false) {
    $case = json_decode($line, true, 512, JSON_THROW_ON_ERROR);
    if (isset($case['body'])) {
        $canonical = $case['body'];
    } elseif (isset($case['received'])) {
        parse_str($case['received'], $payload);
        $canonical = canonical($case['dialect'], $payload);
    } else {
        $payload = [];
        foreach ($case['pairs'] as [$key, $value]) {
            $payload[$key] = $value;
        }
        $canonical = canonical($case['dialect'], $payload);
    }
    $hashed = $case['secret'] . $case['path'] . $canonical . $case['method'];
    echo bin2hex($canonical), ' ', hash('sha256', $hashed), "\n";
}
