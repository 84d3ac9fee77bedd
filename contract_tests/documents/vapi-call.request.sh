curl --request POST \
--url https://api.roark.ai/v1/vapi/call \
--header 'Authorization: Bearer <token>' \
--header 'Content-Type: application/json' \
--data '{
"vapiEndOfCallReportPayload": {
"call": {
"monitor": {
"listenUrl": "https://example.com/listen"
},
"id": "call-123",
"type": "inboundPhoneCall"
},
"type": "end-of-call-report",
"status": "completed",
"assistant": {
"name": "Agent Smith"
},
"customer": {
"number": "+1234567890"
},
"phoneNumber": {
"number": "+0987654321"
},
"artifact": {
"recordingUrl": "https://example.com/recording.mp3",
"stereoRecordingUrl": "https://example.com/stereo-recording.mp3",
"messages": [
{
"role": "system",
"content": "System message"
},
{
"role": "bot",
"content": "Hello, I'\''m Agent Smith"
},
{
"role": "user",
"content": "Hello"
}
]
},
"startedAt": "2025-05-19T23:13:32+08:00",
"endedAt": "2025-05-19T23:23:32+08:00",
"endedReason": "customer-ended-call"
},
"properties": {
"business_name": "customer-business-name",
"business_id": "customer-business-id"
}
}'
