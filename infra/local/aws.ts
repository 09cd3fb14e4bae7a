/** Region, account and credentials of the embedded services: they check none of them, but the SDK wants them. */
export const region = 'eu-central-1';
export const accountId = '000000000000';
export const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
