import { listContentItems } from '../wanted/operations';

export const GET = listContentItems.handle;
