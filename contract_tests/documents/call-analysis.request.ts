import Roark from '@roarkanalytics/sdk';

const client = new Roark({
  bearerToken: process.env['ROARK_API_BEARER_TOKEN'], // This is the default and can be omitted
});

async function main() {
  const callAnalysis = await client.callAnalysis.create({
    callDirection: 'INBOUND',
    interfaceType: 'PHONE',
    participants: [{ role: 'AGENT' }, { role: 'AGENT' }],
    recordingUrl: 'https://example.com/recording.wav',
    startedAt: '2025-02-11T01:04:32.737Z',
  });

  console.log(callAnalysis.data);
}

main();
