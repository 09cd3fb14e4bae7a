import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * Stands in for the SDK's chain of credential providers when functions are bundled: Lambda and the local host put the credentials
 * into the environment, and the rest of the chain (profiles, SSO, web identities, metadata services) weighs 95 kB.
 */
export const defaultProvider = () => fromEnv();
